import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type Admin, type Broker, memoryBroker, type Producer, RetryableError } from '#messaging'
import type { Logger } from '#observability'
import { definitionsTopic, type SagaStep, stepsTopic } from '../saga-steps.ts'
import { definitions, mealSteps, storyOf } from './meal.fixtures.ts'
import { type RunningTracker, runTracker } from './run-tracker.ts'
import { memoryStoryShelf, type StoryShelf } from './story-shelf.ts'
import type { StoryStore } from './story-store.ts'

let broker: Broker
let admin: Admin
let producer: Producer
let errors: string[]
let running: RunningTracker[]

beforeEach(async () => {
  broker = memoryBroker()
  admin = await broker.admin()
  producer = await broker.producer()
  errors = []
  running = []
  await admin.createTopics([
    { name: stepsTopic, partitions: 4 },
    { name: definitionsTopic, partitions: 1 },
  ])
  await producer.send(
    definitions.map((definition) => ({
      topic: definitionsTopic,
      key: `${definition.participant}@${definition.version}`,
      value: Buffer.from(JSON.stringify(definition)),
      headers: {},
    })),
  )
})

afterEach(async () => {
  for (const tracker of running) await tracker.stop()
})

describe('a tracker', () => {
  const sagas = Array.from({ length: 20 }, (_, i) => `m${i}`)
  const expected = sagas.map((sagaId) => storyOf(mealSteps(sagaId)))

  test('tells every saga, though its steps come twice and mixed across participants', async () => {
    const shelf = memoryStoryShelf()
    const tracker = await start(shelf)
    for (const batch of batches(arrivals(sagas), 33)) await publish(batch)
    await untilRead()
    expect(await storiesIn(shelf)).toEqual(expected)
    const steps = await tracker.stories().stepsOf('m0')
    expect(steps.toSorted(byId)).toEqual(mealSteps('m0').toSorted(byId))
  })

  test('goes on where it stopped', async () => {
    const shelf = memoryStoryShelf()
    const all = arrivals(sagas)
    const first = await start(shelf)
    await publish(all.slice(0, 150))
    await untilRead()
    await first.stop()
    await publish(all.slice(150))
    const again = watched(shelf)
    await start(again.shelf)
    await untilRead()
    expect(await storiesIn(shelf)).toEqual(expected)
    const told = new Set(all.slice(0, 150).map(nameOf))
    expect(again.written.filter((name) => told.has(name))).toEqual([])
  })

  test('shares the work with a second one that comes and goes in the middle', async () => {
    const shelf = memoryStoryShelf()
    await start(shelf)
    const [one = [], two = [], three = []] = batches(arrivals(sagas), 120)
    await publish(one)
    const second = await start(shelf)
    await publish(two)
    await second.stop()
    await publish(three)
    await untilRead()
    expect(await storiesIn(shelf)).toEqual(expected)
  })

  test('writes the steps of a saga that come close together as one', async () => {
    const { shelf, writings } = watched(memoryStoryShelf())
    await start(shelf)
    const [first = [], ...rest] = sagas.map(mealSteps)
    await publish([first, ...rest].flatMap((steps) => steps.slice(0, 1)))
    await publish([first, ...rest].flatMap((steps) => steps.slice(1)))
    await untilRead()
    expect(await storiesIn(shelf)).toEqual(expected)
    expect(writings()).toBeLessThanOrEqual(3)
  })

  test('commits nothing that is not stored, and stores it when the store is back', async () => {
    const { shelf, failing } = watched(memoryStoryShelf())
    failing.on = true
    const tracker = await start(shelf)
    await publish(mealSteps('m0'))
    await until(async () => failing.calls >= 2)
    expect((await lag()).every(({ committed }) => (committed ?? 0n) === 0n)).toBe(true)
    failing.on = false
    await untilRead()
    expect(await tracker.stories().read(['m0'])).toEqual([storyOf(mealSteps('m0'))])
  })

  test('leaves out what is not a step, says so, and goes on', async () => {
    const shelf = memoryStoryShelf()
    await start(shelf)
    const send = (key: string, text: string) =>
      producer.send([{ topic: stepsTopic, key, value: Buffer.from(text), headers: {} }])
    await send('m0', 'no JSON')
    await send('m0', 'null')
    await send('m0', JSON.stringify({ sagaId: 'm0', participant: 'guest' }))
    await send('m0', JSON.stringify(mealSteps('m1')[0]))
    await publish(mealSteps('m0'))
    await untilRead()
    expect(await storiesIn(shelf)).toEqual([storyOf(mealSteps('m0'))])
    expect(errors).toHaveLength(4)
  })

  test('knows the definitions that were there before it, and those that come later', async () => {
    const tracker = await start(memoryStoryShelf())
    expect(tracker.definitions.all().map(({ participant }) => participant)).toEqual([
      'cellar',
      'guest',
      'kitchen',
    ])
    expect(tracker.definitions.listenersOf('MealOrdered')).toEqual(['kitchen', 'cellar'])
    const [guest] = definitions
    const deaf = { ...guest, participant: 'cellar', version: '2', listensTo: [] }
    const value = Buffer.from(JSON.stringify(deaf))
    await producer.send([{ topic: definitionsTopic, key: 'cellar@2', value, headers: {} }])
    await until(async () => tracker.definitions.of('cellar', '2') !== undefined)
    expect(tracker.definitions.of('cellar', '1')).toBeDefined()
    expect(tracker.definitions.listenersOf('MealOrdered')).toEqual(['kitchen'])
  })

  test('has the story in its store when it has stopped', async () => {
    const tracker = await start(memoryStoryShelf())
    await publish(mealSteps('m0'))
    await until(async () => (await tracker.stories().read(['m0'])).length > 0)
    await tracker.stop()
    expect((await lag()).every((partition) => partition.lag === 0n)).toBe(true)
  })
})

async function start(shelf: StoryShelf): Promise<RunningTracker> {
  // It is given no producer: it cannot speak.
  const { consume } = broker
  const tracker = await runTracker({
    broker: { consume, admin: broker.admin },
    shelf,
    contracts: { events: {} },
    log,
    onFatal: (error) => errors.push(error.message),
  })
  running.push(tracker)
  return tracker
}

const log: Logger = {
  debug() {},
  info() {},
  warn() {},
  error: (message) => void errors.push(message),
  child: () => log,
}

async function publish(steps: readonly SagaStep[]): Promise<void> {
  await producer.send(
    steps.map((step) => ({
      topic: stepsTopic,
      key: step.sagaId,
      value: Buffer.from(JSON.stringify(step)),
      headers: {},
    })),
  )
}

/** All steps of these sagas: each participant's in their order, mixed across participants and sagas, every third one twice. */
function arrivals(sagas: readonly string[]): SagaStep[] {
  const random = seeded(7)
  const lanes = sagas.flatMap((sagaId) => [
    ...Map.groupBy(mealSteps(sagaId), ({ participant }) => participant).values(),
  ])
  const arrived: SagaStep[] = []
  for (let open = lanes; open.length > 0; open = open.filter((lane) => lane.length > 0)) {
    const step = open[Math.floor(random() * open.length)]?.shift()
    if (step) arrived.push(step)
    if (arrived.length % 3 === 0) arrived.push(arrived[Math.floor(random() * arrived.length)] as SagaStep)
  }
  return arrived
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

/** The shelf, with the steps that were written to it, and failing on demand. */
function watched(shelf: StoryShelf) {
  const written: string[] = []
  const failing = { on: false, calls: 0 }
  let writings = 0
  const watching = (store: StoryStore): StoryStore => ({
    ...store,
    async write(tellings) {
      if (failing.on) {
        failing.calls++
        throw new RetryableError('the store is away')
      }
      await store.write(tellings)
      writings++
      written.push(...tellings.flatMap(({ steps }) => steps.map(nameOf)))
    },
  })
  const open: StoryShelf['open'] = async (generation) => watching(await shelf.open(generation))
  return { shelf: { ...shelf, open }, written, failing, writings: () => writings }
}

function nameOf({ participant, _id }: SagaStep): string {
  return `${participant}/${_id}`
}

async function storiesIn(shelf: StoryShelf) {
  const { serving } = await shelf.generations()
  const store = serving && (await shelf.open(serving))
  const stories = (await store?.list({}, { order: 'oldest', limit: 100 })) ?? []
  return stories.toSorted((a, b) => Number(a.sagaId.slice(1)) - Number(b.sagaId.slice(1)))
}

async function lag() {
  return (await admin.lag('tracker', [stepsTopic])).partitions
}

function untilRead(): Promise<void> {
  return until(async () => (await lag()).every((partition) => partition.lag === 0n))
}

async function until(met: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000
  while (!(await met())) {
    if (performance.now() > giveUpAt) throw new Error('waited 10 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function byId(a: SagaStep, b: SagaStep): number {
  return `${a.participant}${a._id}` < `${b.participant}${b._id}` ? -1 : 1
}
