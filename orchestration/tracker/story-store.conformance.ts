import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import { oddState } from '../journal.fixtures.ts'
import type { MachineState } from '../journal.ts'
import type { SagaStep } from '../saga-steps.ts'
import { aStep, mealSteps, storyOf, traceId } from './meal.fixtures.ts'
import type { Story } from './saga-machine.ts'
import { fieldsOf, keyIn, type StoryOrder, type StoryQuery } from './story-fields.ts'
import type { StoryStore, Telling } from './story-store.ts'

const active: MachineState = { value: { cooking: 'raw' }, context: {}, status: 'active' }
const done: MachineState = { value: 'left', context: {}, status: 'done' }

/** Holds every promise of the story store port. `makeStore` gives a new, empty store each time. */
export function storyStoreConformance(name: string, makeStore: () => Promise<StoryStore>): void {
  describe(`${name} keeps the promises of the story store port:`, () => {
    let store: StoryStore
    beforeEach(async () => {
      store = await makeStore()
    })

    /** One step that began then, and one that was the last. */
    async function told(beganAt: number, at: number, state: MachineState, version = '1'): Promise<Story> {
      const step = { participant: 'guest', sagaId: randomUUID(), state, version }
      const steps = [aStep({ ...step, seq: 1, at: beganAt }), aStep({ ...step, seq: 2, at })]
      await store.write([telling(steps)])
      return storyOf(steps)
    }

    test('a story comes back with its steps, however many writings it took', async () => {
      const steps = mealSteps(randomUUID())
      await store.write([telling(steps, 0, 3)])
      await store.write([telling(steps, 3, 4)])
      await store.write([telling(steps, 4, 7), telling(mealSteps(randomUUID()))])
      await store.write([])
      const story = storyOf(steps)
      expect(await store.read([story.sagaId, randomUUID()])).toEqual([story])
      const kept = await store.stepsOf(story.sagaId)
      expect(kept).toHaveLength(steps.length)
      expect(kept).toEqual(expect.arrayContaining(steps))
      expect(await store.read([])).toEqual([])
      expect(await store.stepsOf(randomUUID())).toEqual([])
    })

    test('steps that are larger than one document come all', async () => {
      const sagaId = randomUUID()
      const context = { text: 'x'.repeat(3_000_000) }
      const steps = Array.from({ length: 8 }, (_, i) =>
        aStep({ participant: 'guest', sagaId, seq: i + 1, state: { ...active, context } }),
      )
      await store.write([telling(steps)])
      expect((await store.stepsOf(sagaId)).map(({ seq }) => seq).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    })

    test('odd keys and any text come back exactly', async () => {
      const step = aStep({ participant: 'g', sagaId: randomUUID(), seq: 1, state: oddState })
      await store.write([telling([step])])
      expect(await store.stepsOf(step.sagaId)).toEqual([step])
      expect(await store.read([step.sagaId])).toEqual([storyOf([step])])
    })

    test('a story is written only over the one that it was told from', async () => {
      const steps = mealSteps(randomUUID())
      await store.write([telling(steps, 0, 3)])
      for (const [from, to] of [
        [0, 3],
        [0, 5],
        [2, 5],
        [4, 5],
      ] as const)
        await expect(store.write([telling(steps, from, to)])).rejects.toThrow(RetryableError)
      const story = storyOf(steps.slice(0, 3))
      expect(await store.read([story.sagaId])).toEqual([story])
      expect(await store.stepsOf(story.sagaId)).toHaveLength(3)
    })

    test('one story that is in the way holds up none of the others', async () => {
      const [taken, free] = [telling(mealSteps(randomUUID())), telling(mealSteps(randomUUID()))]
      await store.write([taken])
      await expect(store.write([taken, free])).rejects.toThrow(RetryableError)
      expect(await store.read([free.story.sagaId])).toEqual([free.story])
    })

    test('of many trackers that tell one story at the same time none loses a step', async () => {
      const steps = mealSteps(randomUUID())
      const sagaId = storyOf(steps).sagaId
      const tellers = Array.from({ length: 5 }, (_, i) => tellOn(store, steps, 1 + (i % 3)))
      await Promise.all(tellers)
      expect(await store.read([sagaId])).toEqual([storyOf(steps)])
      expect((await store.stepsOf(sagaId)).toSorted(byId)).toEqual(steps.toSorted(byId))
    })

    test('stories that have ended are forgotten by age, with their steps, the oldest first and a few at a time', async () => {
      const second = await told(20, 21, done)
      const first = await told(10, 11, done)
      const long = await told(1, 30, done)
      const open = await told(1, 2, active)
      const all = [second, first, long, open]
      const left = async () => {
        const stories = await store.read(all.map(({ sagaId }) => sagaId))
        const steps = await Promise.all(all.map(({ sagaId }) => store.stepsOf(sagaId)))
        expect(steps.flat()).toHaveLength(2 * stories.length)
        return all.filter(({ sagaId }) => stories.some((story) => story.sagaId === sagaId))
      }
      expect(await store.purge(11, 10)).toBe(0)
      expect(await store.purge(12, 10)).toBe(1)
      expect(await left()).toEqual([second, long, open])
      expect(await store.purge(31, 1)).toBe(1)
      expect(await left()).toEqual([long, open])
      expect(await store.purge(31, 10)).toBe(1)
      expect(await store.purge(31, 10)).toBe(0)
      expect(await left()).toEqual([open])
    })

    test('what is forgotten takes nothing of sagas with a similar name along', async () => {
      const ids = ['a', 'a:1', 'a:b']
      for (const sagaId of ids)
        await store.write([telling([aStep({ participant: 'guest', sagaId, seq: 1, at: 1, state: done })])])
      expect(await store.purge(2, 1)).toBe(1)
      const left = await Promise.all(ids.map((id) => store.stepsOf(id)))
      expect(left.flat()).toHaveLength(2)
      expect(await store.read(ids)).toHaveLength(2)
    })

    test('lists go page after page in every order, also among stories that began at the same time', async () => {
      for (const at of [3, 1, 2, 2, 2, 5]) await told(at, at, active)
      for (const [beganAt, at] of [
        [1, 9],
        [4, 7],
        [2, 7],
      ] as const)
        await told(beganAt, at, done)
      const orders: Record<StoryOrder, readonly number[]> = {
        urgency: [1, 2, 2, 2, 3, 5, 1, 4, 2],
        oldest: [1, 1, 2, 2, 2, 2, 3, 4, 5],
        newest: [5, 4, 3, 2, 2, 2, 2, 1, 1],
      }
      for (const order of ['urgency', 'oldest', 'newest'] as const) {
        const listed = await allPages(store, order)
        expect(new Set(listed.map(({ sagaId }) => sagaId)).size).toBe(9)
        const ties = (times: readonly number[]) => (order === 'urgency' ? times.slice(0, 7) : times)
        expect(ties(listed.map(({ beganAt }) => beganAt))).toEqual(ties(orders[order]))
      }
    })

    test('stories are found by what they are in, by age, by version, by ending, and by what should have happened', async () => {
      const meal = mealSteps(randomUUID())
      const [open, over] = [storyOf(meal.slice(0, 2)), mealSteps(randomUUID())]
      await store.write([telling(meal, 0, 2), telling(over)])
      const old = await told(5, 6, active, '2')
      const [mealId, overId, oldId] = [open.sagaId, storyOf(over).sagaId, old.sagaId]
      const finds = async (query: StoryQuery) => {
        const listed = await store.list(query, { order: 'oldest', limit: 10 })
        expect(await store.count(query, 10)).toBe(listed.length)
        return new Set(listed.map(({ sagaId }) => sagaId))
      }
      expect(await finds({})).toEqual(new Set([mealId, overId, oldId]))
      expect(await finds({ states: ['ended'] })).toEqual(new Set([overId]))
      expect(await finds({ states: ['running'] })).toEqual(new Set([mealId]))
      expect(await finds({ states: ['running', 'waiting'] })).toEqual(new Set([mealId, oldId]))
      expect(await finds({ labels: ['step:kitchen.cooking'] })).toEqual(new Set([mealId]))
      expect(await finds({ labels: ['step:guest.cooking.raw', 'version:guest@2'] })).toEqual(new Set([oldId]))
      expect(await finds({ labels: ['step:guest.cooking', 'version:1'] })).toEqual(new Set())
      expect(await finds({ ending: 'served' })).toEqual(new Set([overId]))
      expect(await finds({ beganBefore: 6 })).toEqual(new Set([oldId]))
      expect(await finds({ dueBefore: open.beganAt + 30_001 })).toEqual(new Set([mealId]))
      expect(await finds({ dueBefore: open.beganAt + 30_000 })).toEqual(new Set())
    })

    test('a story is found by its own id, its events, its traces, and what its events speak of', async () => {
      const [mine, other] = [randomUUID(), randomUUID()]
      const [wished, ...rest] = mealSteps(mine).map((step) => ({
        ...step,
        emitted: step.emitted.map((event) => ({ ...event, data: { billId: `bill-${mine}` } })),
      }))
      const steps = [
        { ...wished, trace: { traceparent: `00-${'a'.repeat(32)}-b7ad6b7169203331-01` } },
        ...rest,
      ]
      await store.write([telling(steps as SagaStep[]), telling(mealSteps(other))])
      const found = async (id: string) =>
        (await store.list({ id }, { order: 'urgency', limit: 5 })).map(({ sagaId }) => sagaId)
      for (const id of [mine, `${mine}/e0`, `${mine}/e3`, 'a'.repeat(32), `bill-${mine}`])
        expect(await found(id)).toEqual([mine])
      expect((await found(traceId)).sort()).toEqual([mine, other].sort())
      expect(await found('bill-0')).toEqual([])
    })

    test('counting stops where it may, and the tally tells states and endings', async () => {
      for (let i = 0; i < 3; i++) await told(1, 2, done)
      await told(1, 2, { ...done, value: 'served' })
      await told(1, 2, active)
      await store.write([telling(mealSteps(randomUUID()), 0, 1)])
      expect(await store.count({ states: ['ended'] }, 2)).toBe(2)
      expect(await store.count({}, 4)).toBe(4)
      expect(await store.tally()).toEqual({
        running: 1,
        waiting: 1,
        ended: 4,
        endings: { left: 3, served: 1 },
      })
    })
  })
}

/** What is written when these steps are told on, from the first to the last. */
function telling(steps: readonly SagaStep[], from = 0, to = steps.length): Telling {
  return { story: storyOf(steps.slice(0, to)), from, steps: steps.slice(from, to) }
}

/** As a tracker does it: whatever was in the way is read, and what is missing told on. */
async function tellOn(store: StoryStore, steps: readonly SagaStep[], atOnce: number): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const [stored] = await store.read([steps[0]?.sagaId ?? ''])
    const from = stored?.revision ?? 0
    if (from >= steps.length) return
    await store.write([telling(steps, from, Math.min(from + atOnce, steps.length))]).catch(() => {})
  }
  throw new Error('the story was never told to its end')
}

async function allPages(store: StoryStore, order: StoryOrder): Promise<Story[]> {
  const listed: Story[] = []
  for (let page = await store.list({}, { order, limit: 2 }); page.length > 0; ) {
    listed.push(...page)
    const last = page.at(-1) as Story
    const after = { key: keyIn(order, fieldsOf(last)), id: last.sagaId }
    page = await store.list({}, { order, limit: 2, after })
  }
  return listed
}

function byId(a: SagaStep, b: SagaStep): number {
  return `${a.participant}${a._id}` < `${b.participant}${b._id}` ? -1 : 1
}
