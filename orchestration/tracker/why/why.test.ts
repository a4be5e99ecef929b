import { describe, expect, test } from '@jest/globals'
import { aStep, storyOf } from '../meal.fixtures.ts'
import { waitsFor } from './parts.ts'
import { active, say, second, steps, viewpoint, why } from './why.fixtures.ts'
import { whyOf } from './why.ts'

describe('held up:', () => {
  const hold = { row: 'm1:6', seq: 6, id: 'e', at: second(4), reason: 'it ends too early' }
  const held = (code: string, of = steps.slice(0, 5)) => [
    ...of,
    aStep({
      ...{ participant: 'kitchen', sagaId: 'm1', seq: 6, at: second(4) },
      ...{ held: { ...hold, code }, state: active('idle') },
    }),
  ]

  test('a dead letter says which row holds the saga, and why, before all else', () => {
    expect(why(held('CHORUS_TRUNCATED'))).toEqual({
      cause: 'dead-letter',
      sentence:
        'Held in kitchen since 10:00:04Z until a dead letter is redriven or discarded (row m1:6): it ends too early',
      responsible: 'kitchen',
      since: second(4),
      until: null,
      isStuck: true,
    })
    const released = aStep({
      ...{ participant: 'kitchen', sagaId: 'm1', seq: 7, released: ['m1:6'], state: active('idle') },
    })
    expect(why([...held('CHORUS_TRUNCATED'), released]).cause).not.toBe('dead-letter')
  })

  test('a pause says who wanted it, in his words', () => {
    expect(why(held('CHORUS_PAUSED', []))).toMatchObject({
      cause: 'paused',
      sentence: 'Paused by an operator in kitchen since 10:00:04Z: it ends too early',
      responsible: 'kitchen',
      isStuck: true,
    })
  })
})

describe('at work:', () => {
  test('an event on its way names who said it and who has not taken it in', () => {
    expect(why(steps.slice(0, 1))).toMatchObject({
      cause: 'working',
      sentence: 'MealOrdered is on its way from guest to kitchen and cellar since 10:00:00Z',
      responsible: 'kitchen',
      isStuck: false,
    })
    expect(say(steps.slice(0, 2))).toBe('MealOrdered is on its way from guest to cellar since 10:00:00Z')
  })

  test('an effect under way is told with its attempt and its deadline', () => {
    expect(why(steps.slice(0, 4))).toEqual({
      cause: 'working',
      sentence:
        'Waiting in `cooking.raw` (kitchen) for cook, attempt 1, since 10:00:01Z until 10:00:30Z at the latest',
      responsible: 'kitchen',
      since: second(1),
      until: second(30),
      isStuck: false,
    })
  })

  test('a failed attempt is told with its error and the time of the next one; when it fails for long it is stuck', () => {
    expect(why(steps.slice(0, 5))).toMatchObject({
      cause: 'retry',
      sentence:
        'kitchen tries cook again at 10:00:06Z (attempt 2, gives up at 10:00:30Z); the last error: the oven is cold',
      responsible: 'kitchen',
      until: second(30),
      isStuck: false,
    })
    const late = why(steps.slice(0, 5), { now: second(12) })
    expect(late.sentence).toMatch(/^kitchen tries cook again now \(attempt 2/)
    expect(late.isStuck).toBe(true)
  })

  test('a long error is cut', () => {
    const error = 'x'.repeat(500)
    const failing = steps
      .slice(0, 5)
      .map((step) => (step.cause.kind === 'retry' ? { ...step, cause: { ...step.cause, error } } : step))
    expect(say(failing)).toMatch(/the last error: x{119}…$/)
  })
})

describe('over:', () => {
  test('the end names how each participant ended, the one that began first', () => {
    expect(whyOf(storyOf(steps), viewpoint({}))).toBeNull()
    expect(say(steps)).toBe('Ended: guest served, kitchen cooked, cellar poured')
  })

  test('a machine that died is no ordinary ending', () => {
    const died = { value: 'idle', context: {}, status: 'error' as const }
    expect(say([aStep({ participant: 'kitchen', sagaId: 'm1', seq: 1, state: died })])).toBe(
      'Ended: kitchen stopped with an error in `idle`',
    )
  })

  test('a part at its end waits for nothing', () => {
    const { guest } = storyOf(steps).parts
    expect(guest && waitsFor('guest', guest, viewpoint({}))).toEqual({ events: [], until: null, timer: null })
  })
})
