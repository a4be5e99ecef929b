import { expect, test } from '@jest/globals'
import { beginning, mealSteps, storyOf } from './meal.fixtures.ts'
import { passed } from './milestones.ts'
import type { Story } from './saga-machine.ts'

const way = ['MealOrdered', 'WinePoured', 'MealCooked', 'MealPaid'].map((type) => ({ name: type, type }))
const standings = (story: Story) => passed(story, way).map(({ standing }) => standing)
const meal = mealSteps('m')

test('a saga has reached what its events say, and the first that is missing comes next', () => {
  expect(standings(storyOf(meal.slice(0, 1)))).toEqual(['reached', 'next', 'open', 'open'])
  expect(passed(storyOf(meal.slice(0, 3)), way).map(({ at }) => at)).toEqual([
    beginning,
    beginning + 2_000,
    null,
    null,
  ])
})

test('what an ended saga has not reached will not come, nor what it has left out', () => {
  expect(standings(storyOf(meal))).toEqual(['reached', 'reached', 'reached', 'closed'])
  const withoutWine = meal.filter(({ participant }) => participant !== 'cellar').slice(0, 5)
  expect(standings(storyOf(withoutWine))).toEqual(['reached', 'closed', 'reached', 'next'])
})

test('nobody knows where a saga that is undoing turns up', () => {
  const story = storyOf(meal.slice(0, 1))
  const guest = story.parts.guest as Story['parts'][string]
  const undoing = { ...story, parts: { guest: { ...guest, isCompensating: true } } }
  expect(standings(undoing)).toEqual(['reached', 'open', 'open', 'open'])
})
