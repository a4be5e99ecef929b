import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import { oddState } from '../journal.fixtures.ts'
import type { MachineState } from '../journal.ts'
import { aStep, mealSteps, storyOf } from './meal.fixtures.ts'
import type { Story } from './saga-machine.ts'
import type { StoryStore } from './story-store.ts'

/** Holds every promise of the story store port. `makeStore` gives a new, empty store each time. */
export function storyStoreConformance(name: string, makeStore: () => Promise<StoryStore>): void {
  describe(`${name} keeps the promises of the story store port:`, () => {
    let store: StoryStore
    beforeEach(async () => {
      store = await makeStore()
    })

    test('a step is kept once, whatever comes under its id later', async () => {
      const steps = mealSteps(randomUUID())
      const story = storyOf(steps)
      await store.insertSteps(steps.slice(0, 4))
      await store.insertSteps(steps.map((step, i) => (i < 4 ? { ...step, attempt: 'another' } : step)))
      await store.insertSteps([])
      const kept = await store.stepsOf(story)
      expect(kept).toHaveLength(steps.length)
      expect(kept).toEqual(expect.arrayContaining(steps))
    })

    test('steps of other sagas, and steps that the story does not tell of, are left out', async () => {
      const [first, ...others] = mealSteps(randomUUID())
      await store.insertSteps([...others, ...mealSteps(randomUUID())])
      expect(await store.stepsOf(storyOf(first ? [first] : []))).toEqual([])
    })

    test('more steps than one request asks for come all', async () => {
      const sagaId = randomUUID()
      const steps = Array.from({ length: 250 }, (_, i) => aStep({ participant: 'guest', sagaId, seq: i + 1 }))
      await store.insertSteps(steps)
      expect(await store.stepsOf(storyOf(steps))).toHaveLength(steps.length)
    })

    test('odd keys and any text come back exactly', async () => {
      const step = aStep({ participant: 'g', sagaId: randomUUID(), seq: 1, state: oddState })
      const story = storyOf([step])
      await store.insertSteps([step])
      await store.writeStories([story])
      expect(await store.stepsOf(story)).toEqual([step])
      expect(await store.readStories([story.sagaId])).toEqual([story])
    })

    test('reading leaves out what is missing', async () => {
      const story = storyOf(mealSteps(randomUUID()))
      await store.writeStories([story])
      expect(await store.readStories([story.sagaId, randomUUID()])).toEqual([story])
      expect(await store.readStories([])).toEqual([])
    })

    test('a story goes forward and never back', async () => {
      const steps = mealSteps(randomUUID())
      const [early, late] = [storyOf(steps.slice(0, 3)), storyOf(steps)]
      await store.writeStories([early])
      await store.writeStories([late])
      await expect(store.writeStories([early])).rejects.toThrow(RetryableError)
      expect(await store.readStories([late.sagaId])).toEqual([late])
    })

    test('one story that is in the way holds up none of the others', async () => {
      const [taken, free] = [storyOf(mealSteps(randomUUID())), storyOf(mealSteps(randomUUID()))]
      await store.writeStories([taken])
      await expect(store.writeStories([taken, free])).rejects.toThrow(RetryableError)
      expect(await store.readStories([free.sagaId])).toEqual([free])
    })

    test('of many trackers that write one story at the same time the longest remains', async () => {
      const steps = mealSteps(randomUUID())
      const stories = steps.map((_, i) => storyOf(steps.slice(0, i + 1)))
      const rivals = [...stories, ...stories.toReversed(), ...stories]
      await Promise.allSettled(rivals.map((story) => untilCovered(store, story)))
      expect(await store.readStories([storyOf(steps).sagaId])).toEqual([storyOf(steps)])
    })

    test('stories that have ended are forgotten by age, with their steps, the oldest first and a few at a time', async () => {
      const done: MachineState = { value: 'left', context: {}, status: 'done' }
      const told = async (beganAt: number, at: number, state: MachineState | null) => {
        const step = { participant: 'guest', sagaId: randomUUID(), state }
        const steps = [aStep({ ...step, seq: 1, at: beganAt }), aStep({ ...step, seq: 2, at })]
        const story = storyOf(steps)
        await store.insertSteps(steps)
        await store.writeStories([story])
        return story
      }
      const [second, first] = [await told(20, 21, done), await told(10, 11, done)]
      const long = await told(1, 30, done)
      const open = await told(1, 2, { ...done, status: 'active' })
      const all = [second, first, long, open]
      const left = async () => {
        const stories = await store.readStories(all.map(({ sagaId }) => sagaId))
        const steps = await Promise.all(all.map((story) => store.stepsOf(story)))
        expect(steps.flat()).toHaveLength(2 * stories.length)
        return all.filter(({ sagaId }) => stories.some((story) => story.sagaId === sagaId))
      }
      expect([first.state, open.state]).toEqual(['ended', 'waiting'])
      expect(await store.purge(11, 10)).toBe(0)
      expect(await store.purge(12, 10)).toBe(1)
      expect(await left()).toEqual([second, long, open])
      expect(await store.purge(31, 1)).toBe(1)
      expect(await left()).toEqual([second, open])
      expect(await store.purge(31, 10)).toBe(1)
      expect(await store.purge(31, 10)).toBe(0)
      expect(await left()).toEqual([open])
    })

    test('the list is newest first, page after page, also among stories that began at the same time', async () => {
      const times = [3, 1, 2, 2, 2, 5]
      const stories = times.map((at) =>
        storyOf([aStep({ participant: 'guest', sagaId: randomUUID(), seq: 1, at })]),
      )
      await store.writeStories(stories)
      const listed: Story[] = []
      for (let page = await store.listStories({ limit: 2 }); page.length > 0; ) {
        listed.push(...page)
        const { beganAt, sagaId: id } = page.at(-1) as Story
        page = await store.listStories({ limit: 2, after: { beganAt, id } })
      }
      const newestFirst = stories.toSorted((a, b) => b.beganAt - a.beganAt || (a.sagaId < b.sagaId ? 1 : -1))
      expect(listed).toEqual(newestFirst)
    })
  })
}

/** As a tracker does it: what was in the way is looked at, and the own story written unless it is told already. */
async function untilCovered(store: StoryStore, story: Story): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const [stored] = await store.readStories([story.sagaId])
    if (stored && stored.revision >= story.revision) return
    const written = await store.writeStories([story]).then(
      () => true,
      () => false,
    )
    if (written) return
  }
  throw new Error('the story was never covered')
}
