import { beforeEach, expect, test } from '@jest/globals'
import { type Broker, memoryBroker } from '#messaging'
import { silent } from '../faults.fixtures.ts'
import { type ManualClock, manualClock, until } from '../manual-clock.fixtures.ts'
import { definitionsTopic, type SagaStep, stepsTopic } from '../saga-steps.ts'
import { definitions, mealSteps, storyOf } from './meal.fixtures.ts'
import { type RunningTracker, runTracker } from './run-tracker.ts'
import { type Generations, memoryStoryShelf, type StoryShelf, storyShape } from './story-shelf.ts'

let broker: Broker
let clock: ManualClock
let shelf: StoryShelf
let running: RunningTracker[]

beforeEach(async () => {
  clock = manualClock()
  broker = memoryBroker()
  shelf = memoryStoryShelf()
  running = []
  const admin = await broker.admin()
  await admin.createTopics([
    { name: stepsTopic, partitions: 3 },
    { name: definitionsTopic, partitions: 1 },
  ])
  for (const each of definitions) await send(definitionsTopic, `${each.participant}@1`, each)
})

const ids = ['m1', 'm2', 'm3']
const expected = ids.map((id) => storyOf(mealSteps(id)))

test('told anew, the stories are the same, and the old ones are shown until then', async () => {
  const first = await start()
  for (const id of ids) await publish(mealSteps(id).slice(0, 4))
  await untilShown(first, 4)
  const { serving: before } = await shelf.generations()
  if (!before) throw new Error('nothing is shown')
  // What was told wrong is told right only when it is told anew.
  await corrupt(before)
  await stop(first)

  const again = await start(true)
  expect((await shown(again)).map(({ beganAt }) => beganAt)).toEqual([0, 0, 0])
  expect(again.rebuild().state).toBe('rebuilding')
  for (const id of ids) await publish(mealSteps(id).slice(4))
  await until(clock, 'the tracker has changed over', () => again.rebuild().state === 'following')
  expect(await shown(again)).toEqual(expected)
  const after = await shelf.generations()
  expect(after).toMatchObject({ building: null, serving: { shape: storyShape } })
  expect(after.serving?.group).not.toBe(before.group)
  await until(clock, 'the old stories are gone', async () => (await storiesOf(before)).length === 0)
  expect(again.rebuild()).toMatchObject({ read: 21, end: 21 })
  await stopAll()
})

test('a tracker that knows nothing of it follows when another one has told anew', async () => {
  const idle = await start()
  for (const id of ids) await publish(mealSteps(id))
  await untilShown(idle, 7)
  const builder = await start(true)
  const { building } = await shelf.generations()
  await until(clock, 'both show the new stories', async () => {
    const { serving } = await shelf.generations()
    const anew = serving && (await shelf.open(serving))
    return serving?.group === building?.group && [idle, builder].every(({ stories }) => stories() === anew)
  })
  await publish(mealSteps('m4'))
  await until(clock, 'what comes later is told', async () => (await shown(idle)).length === 4)
  await stopAll()
})

test('a tracker that dies while it tells anew goes on where it was', async () => {
  const first = await start()
  for (const id of ids) await publish(mealSteps(id))
  await untilShown(first, 7)
  await stop(first)
  const dying = await start(true)
  const { building } = await shelf.generations()
  await stop(dying)
  const again = await start()
  expect((await shelf.generations()).building).toEqual(building)
  await until(
    clock,
    'it has changed over',
    async () => (await shelf.generations()).serving?.group === building?.group,
  )
  expect(await shown(again)).toEqual(expected)
  await stopAll()
})

test('stories of another shape are told anew unasked, and shown as they grow', async () => {
  await shelf.replace({ revision: 1, serving: { group: 'old', shape: storyShape - 1 }, building: null })
  for (const id of ids) await publish(mealSteps(id))
  const tracker = await start()
  expect(tracker.rebuild().state).toBe('rebuilding')
  await untilShown(tracker, 7)
  await until(clock, 'it has caught up', () => tracker.rebuild().state === 'following')
  expect((await shelf.generations()).serving?.shape).toBe(storyShape)
  expect(await shown(tracker)).toEqual(expected)
  await stopAll()
})

async function start(rebuild = false): Promise<RunningTracker> {
  const contracts = { events: {} }
  const tracker = await inTime(
    runTracker({ broker, shelf, contracts, rebuild, clock, log: silent, onFatal() {} }),
  )
  running.push(tracker)
  return tracker
}

function stop(tracker: RunningTracker): Promise<void> {
  return inTime(tracker.stop())
}

async function stopAll(): Promise<void> {
  for (const tracker of running) await stop(tracker)
}

/** The result, with the clock running. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let isDone = false
  const noted = work.finally(() => {
    isDone = true
  })
  await until(clock, 'it is done', () => isDone)
  return await noted
}

async function shown(tracker: RunningTracker) {
  const stories = await tracker.stories().list({}, { order: 'oldest', limit: 10 })
  return stories.toSorted((a, b) => (a.sagaId < b.sagaId ? -1 : 1))
}

function untilShown(tracker: RunningTracker, revision: number): Promise<void> {
  return until(clock, 'all steps are told', async () => {
    const stories = await shown(tracker)
    return stories.length === ids.length && stories.every((story) => story.revision === revision)
  })
}

async function storiesOf(generation: NonNullable<Generations['serving']>) {
  return await (await shelf.open(generation)).list({}, { order: 'oldest', limit: 10 })
}

async function corrupt(generation: NonNullable<Generations['serving']>): Promise<void> {
  const store = await shelf.open(generation)
  for (const story of await storiesOf(generation))
    await store.write([{ story: { ...story, beganAt: 0, revision: 5 }, from: 4, steps: [] }])
}

async function publish(steps: readonly SagaStep[]): Promise<void> {
  for (const step of steps) await send(stepsTopic, step.sagaId, step)
}

async function send(topic: string, key: string, value: object): Promise<void> {
  const producer = await broker.producer()
  await producer.send([{ topic, key, value: Buffer.from(JSON.stringify(value)), headers: {} }])
  await producer.close()
}
