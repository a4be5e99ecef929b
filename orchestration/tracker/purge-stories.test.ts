import { expect, test } from '@jest/globals'
import { memoryBroker } from '#messaging'
import { silent } from '../faults.fixtures.ts'
import { manualClock, quiet } from '../manual-clock.fixtures.ts'
import { stepsTopic } from '../saga-steps.ts'
import { aStep, storyOf } from './meal.fixtures.ts'
import { memoryStoryStore } from './memory-story-store.ts'
import { purgeStories } from './purge-stories.ts'

const day = 24 * 60 * 60 * 1000
const now = 100 * day

test('a story goes when none of its steps can be read any more, many of them a few at a time', async () => {
  const broker = memoryBroker()
  const admin = await broker.admin()
  const settings = { 'retention.ms': String(9 * day), 'segment.ms': String(day) }
  await admin.createTopics([{ name: stepsTopic, partitions: 1, settings }])
  const store = memoryStoryStore()
  const done = { value: 'left', context: {}, status: 'done' } as const
  const storyAged = (days: number, i = 0) => {
    const steps = [
      aStep({ participant: 'guest', sagaId: `${days}-${i}`, seq: 1, at: now - days * day, state: done }),
    ]
    return { story: storyOf(steps), from: 0, steps }
  }
  await store.write([storyAged(10), ...Array.from({ length: 250 }, (_, i) => storyAged(12, i))])
  const left = () => store.count({}, 1_000)
  const clock = manualClock(now)
  const job = purgeStories({ broker, stories: () => store, archiveAfter: undefined, clock, log: silent })
  clock.advance(60_000)
  await quiet(clock, 5)
  expect(await left()).toBe(151)
  await quiet(clock, 50)
  expect((await store.list({}, { order: 'oldest', limit: 10 })).map(({ sagaId }) => sagaId)).toEqual(['10-0'])
  await job.stop()
  clock.advance(10 * day)
  await quiet(clock)
  expect(await left()).toBe(1)
})
