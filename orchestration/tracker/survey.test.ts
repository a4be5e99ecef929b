import { expect, test } from '@jest/globals'
import { beginning, book, mealSteps, storyOf } from './meal.fixtures.ts'
import { memoryStoryStore } from './memory-story-store.ts'
import type { StoryStore } from './story-store.ts'
import { surveys } from './survey.ts'

async function staged(most?: number) {
  const store = memoryStoryStore()
  for (const [sagaId, length] of [
    ['m1', 5],
    ['m2', 7],
    ['m3', 1],
  ] as const) {
    const steps = mealSteps(sagaId).slice(0, length)
    await store.write([{ story: storyOf(steps), from: 0, steps }])
  }
  const seen = { now: beginning + 5_000, lists: 0 }
  const counting: StoryStore = {
    ...store,
    async list(...asked) {
      seen.lists++
      return await store.list(...asked)
    },
  }
  const viewpoint = () => ({ definitions: book, lag: { groups: [] }, now: seen.now })
  return { seen, survey: surveys({ stories: () => counting, viewpoint, ...(most && { most }) }) }
}

test('every saga that goes on is looked at, and its cause told', async () => {
  const { survey, seen } = await staged()
  const { sagas, isPartial, at } = await survey()
  expect(sagas.map(({ story, why }) => [story.sagaId, why.cause])).toEqual([
    ['m1', 'retry'],
    ['m3', 'working'],
  ])
  expect([at, isPartial]).toEqual([seen.now, false])
})

test('of too many only the oldest are looked at, which is said', async () => {
  const one = await (await staged(1)).survey()
  expect([one.sagas.map(({ story }) => story.sagaId), one.isPartial]).toEqual([['m1'], true])
  expect(await (await staged(2)).survey()).toMatchObject({ sagas: { length: 2 }, isPartial: false })
})

test('many who ask cost one look; while it is made anew the last one holds, but not for long', async () => {
  const { survey, seen } = await staged()
  await Promise.all([survey(), survey(), survey()])
  seen.now += 1_900
  await survey()
  expect(seen.lists).toBe(1)
  seen.now += 200
  expect((await survey()).at).toBe(seen.now - 2_100)
  expect(seen.lists).toBe(2)
  await new Promise((resolve) => setImmediate(resolve))
  expect((await survey()).at).toBe(seen.now)
  seen.now += 31_000
  expect((await survey()).at).toBe(seen.now)
})
