import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { contracts } from '#contracts'
import { memoryBroker } from '#messaging'
import type { Logger } from '#observability'
import {
  definitionsTopic,
  type JournalRow,
  memoryStoryShelf,
  runTracker,
  type SagaDefinition,
  type SagaStep,
  type Story,
  type StoryStore,
  stepsTopic,
} from '#orchestration'
import { cast } from '../../services/cast.ts'

/** A story with its steps, to be told again under other names. */
export type Told = { readonly story: Story; readonly steps: readonly SagaStep[] }

const services = join(import.meta.dirname, '../../services')

/** What the participants publish of themselves. */
export const definitions: readonly SagaDefinition[] = cast.members.map(({ part }) => ({
  participant: part.name,
  version: part.version,
  definition: JSON.parse(JSON.stringify(part.machine.definition)),
  listensTo: [...part.listensTo].map((type) => ({ type, topic: part.contracts.events[type]?.topic ?? '' })),
}))

/** Every recorded way of a saga as the tracker tells it: whole, and after each of its steps. */
export async function recordedWays(log: Logger): Promise<readonly Told[]> {
  const inTime = recordedSteps().toSorted((a, b) => a.at - b.at)
  const ways = [...Map.groupBy(inTime, ({ sagaId }) => sagaId).values()]
  const cut = ways.flatMap((steps) => steps.map((_, i) => rename(steps.slice(0, i + 1), `-${i}`)))
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics([stepsTopic, definitionsTopic].map((name) => ({ name, partitions: 1 })))
  const producer = await broker.producer()
  const message = (topic: string, key: string, value: object) => ({
    ...{ topic, key, headers: {} },
    value: Buffer.from(JSON.stringify(value)),
  })
  await producer.send(definitions.map((each) => message(definitionsTopic, each.participant, each)))
  const tracker = await runTracker({ broker, shelf: memoryStoryShelf(), contracts, log, onFatal() {} })
  await producer.send(cut.flat().map((step) => message(stepsTopic, step.sagaId, step)))
  const store = tracker.stories()
  while ((await store.count({}, cut.length)) < cut.length)
    await new Promise((resolve) => setTimeout(resolve, 50))
  await tracker.stop()
  const stories = await store.list({}, { order: 'oldest', limit: cut.length })
  return await Promise.all(
    stories.map(async (story) => ({ story, steps: await store.stepsOf(story.sagaId) })),
  )
}

/** Fills the store: so many sagas, five of a hundred under way, each with ids and times of its own. Rejects with the signal's reason. */
export async function fill(
  store: StoryStore,
  ways: readonly Told[],
  { count, now, signal }: { readonly count: number; readonly now: number; readonly signal: AbortSignal },
): Promise<void> {
  const over = ways.filter(({ story }) => story.state === 'ended')
  const open = ways.filter(({ story }) => story.state !== 'ended')
  const size = 500
  for (let first = 0; first < count; first += size) {
    // A store in memory leaves the event loop no turn, and signals come in turns.
    await nextTurn()
    signal.throwIfAborted()
    const some = Array.from({ length: Math.min(size, count - first) }, (_, i) => first + i)
    const tellings = some.map((n) => {
      const among = n % 20 === 0 ? open : over
      const way = among[Math.floor(n / 20) % among.length] as Told
      return { ...anew(way, n, now - n * 10), from: 0 }
    })
    await store.write(tellings)
  }
}

/** The id of the saga with this number. */
export function idOf(n: number): string {
  return `0192f000-0000-7000-8000-${String(n).padStart(12, '0')}`
}

/** The same story with other ids, begun then. Its steps keep their times: nothing is found by them. */
export function anew({ story, steps }: Told, n: number, beganAt: number): Told {
  const shift = beganAt - story.beganAt
  const number = String(n).padStart(12, '0')
  const renamed = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(story.sagaId, idOf(n))
      .replace(/"([0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-)[0-9a-f]{12}"/g, `"$1${number}"`)
      .replace(/"(pay|shp|refund|ship)-1"/g, `"$1-${n}"`)
  return {
    story: JSON.parse(renamed(story), (key, value) => (times.has(key) ? value + shift : value)),
    steps: JSON.parse(renamed(steps)),
  }
}

/** Fields of a story that hold a time. */
const times = new Set(['at', 'beganAt', 'startedAt', 'dueAt', 'deadlineAt', 'notBefore'])

function recordedSteps(): SagaStep[] {
  return cast.members.flatMap(({ part: { name } }) => {
    const lines = readFileSync(join(services, name, 'journals/v2.jsonl'), 'utf8')
      .trim()
      .split('\n')
    return lines.map((line): SagaStep => ({ participant: name, ...(JSON.parse(line) as JournalRow) }))
  })
}

function rename(steps: readonly SagaStep[], suffix: string): SagaStep[] {
  const [first] = steps
  if (!first) return []
  // The saga itself, and whatever is named after it: `"<saga>:1"` is the id of its first row.
  const names = new RegExp(`"${first.sagaId}(?=[":])`, 'g')
  return JSON.parse(JSON.stringify(steps).replaceAll(names, `"${first.sagaId}${suffix}`))
}
