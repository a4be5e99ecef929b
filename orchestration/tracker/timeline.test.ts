import { expect, test } from '@jest/globals'
import { mealSteps, traceId } from './meal.fixtures.ts'
import { timeline } from './timeline.ts'

const steps = mealSteps('m1')
const names = (line: ReturnType<typeof timeline>) =>
  line.map(({ step: { participant, seq } }) => `${participant} ${seq}`)

test('the time line runs by time, whatever order the steps are given in', () => {
  expect(names(timeline(steps.toReversed()))).toEqual(names(timeline(steps)))
  expect(names(timeline(steps))).toEqual(steps.map(({ participant, seq }) => `${participant} ${seq}`))
})

test('no clock of any participant brings an effect before its cause', () => {
  const kitchenIsLate = steps.map((step) =>
    step.participant === 'guest' ? step : { ...step, at: step.at - 3_600_000 },
  )
  const line = names(timeline(kitchenIsLate))
  expect(line[0]).toBe('guest 1')
  expect(line.indexOf('kitchen 3')).toBeLessThan(line.indexOf('guest 3'))
  expect(line.indexOf('cellar 1')).toBeLessThan(line.indexOf('guest 2'))
  expect(line).toHaveLength(7)
})

test('a step whose cause is not told any more still has its place', () => {
  const odd = steps.slice(0, 1).map((step) => ({ ...step, cause: { ...step.cause, id: 'm1/e1' } }))
  expect(names(timeline(odd))).toEqual(['guest 1'])
})

test('an entry says the cause, the state before and after, what the step changed, and its trace', () => {
  const line = timeline(steps)
  expect(line[0]).toMatchObject({
    name: 'MealWished',
    before: null,
    after: 'waiting',
    changes: [{ path: 'allergies', found: 'nuts' }],
    traceId,
  })
  expect(line[1]).toMatchObject({ name: 'MealOrdered', before: null, after: { cooking: 'raw' }, changes: [] })
  expect(line[4]).toMatchObject({ name: 'cook', step: { cause: { error: 'the oven is cold' } } })
  expect(line[3]?.changes).toMatchObject([{ path: 'allergies', expected: 'nuts' }])
  expect(line[6]).toMatchObject({ before: 'waiting', after: 'served', changes: [] })
})
