import {
  type Broker,
  type BrokerRecord,
  type Codec,
  createCodec,
  memoryBroker,
  memoryRegistry,
} from '#messaging'
import { contracts, desk } from './booking.fixtures.ts'
import { type Command, controlMessage } from './control.ts'
import { type MortalProcess, mortalProcess, silent } from './faults.fixtures.ts'
import type { Head, JournalRow } from './journal.ts'
import { type ManualClock, manualClock, quiet, until } from './manual-clock.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import type { Participant } from './participant.ts'
import { type RunningParticipant, runParticipant } from './run-participant.ts'
import { fold } from './step/head.ts'
import type { Store } from './store.ts'

/** A running desk that can be killed. */
type Actor = MortalProcess & RunningParticipant

/** A broker, a store and a clock, and what a test does and sees on them. */
export type Stage = {
  readonly store: Store
  readonly clock: ManualClock
  readonly codec: Codec
  readonly topics: readonly string[]
  /** Everything that the desk has said, as records of its topic in their order. */
  readonly said: readonly BrokerRecord[]
  readonly deadLetters: readonly BrokerRecord[]
  /** Starts a desk. `prepare` may set faults before it joins. */
  start(
    part?: Participant,
    prepare?: (process: MortalProcess, codec: Codec) => Codec | undefined,
  ): Promise<Actor>
  /** Somebody says this about a saga; returns the event's id. */
  say(type: string, sagaId: string, n?: number, id?: string): Promise<string>
  /** An operator commands the desk; a redrive carries the newest letter of the saga. Returns the command's id. */
  operate(command: Command, sagaId: string, row?: string, id?: string): Promise<string>
  send(record: { topic: string; key: string; value: Buffer; headers?: Record<string, string> }): Promise<void>
  /** `Type n` of what the desk has said about a saga, each event id once, in the order of its first appearance. */
  heard(sagaId: string): readonly string[]
  rows(sagaId: string): Promise<readonly JournalRow[]>
  head(sagaId: string): Promise<Head | undefined>
  /** Records of the desk's topics that no commit covers. */
  lag(): Promise<bigint>
  until(what: string, met: () => boolean | Promise<boolean>): Promise<void>
  /** Gives everything the time to happen that should not. */
  quiet(): Promise<void>
  /** Waits until every record is committed, and checks that journal, head and topic tell the same story. */
  settled(...sagaIds: string[]): Promise<void>
}

/** A second stage on the same store and clock has a broker of its own: its desk knows nothing of the first one's. */
export async function stage(
  world: { store?: Store; clock?: ManualClock; partitions?: number } = {},
): Promise<Stage> {
  const { store = memoryStore(), clock = manualClock(), partitions = 1 } = world
  const broker = memoryBroker()
  const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })
  const admin = await broker.admin()
  const topics = ['desk.commands', 'guest.events', 'desk.control']
  const others = ['desk.events', 'desk.dlt', 'saga.steps', 'saga.definitions']
  await admin.createTopics([...topics, ...others].map((name) => ({ name, partitions })))
  const producer = await broker.producer()
  const said = await listen(broker, 'desk.events')
  const deadLetters = await listen(broker, 'desk.dlt')
  let count = 0

  async function rows(sagaId: string): Promise<readonly JournalRow[]> {
    return store.history(sagaId)
  }

  async function head(sagaId: string): Promise<Head | undefined> {
    return (await store.readHeads([sagaId]))[0]
  }

  async function lag(): Promise<bigint> {
    const group = await admin.lag('desk', topics)
    return group.partitions.reduce((sum, partition) => sum + partition.lag, 0n)
  }

  return {
    store,
    clock,
    codec,
    topics,
    said,
    deadLetters,
    async start(part = desk(), prepare = () => undefined) {
      const process = mortalProcess({ broker, store, clock })
      const running = await runParticipant(part, {
        ...process,
        codec: prepare(process, codec) ?? codec,
        log: silent,
        onFatal: (error) => {
          throw error
        },
      })
      return { ...process, ...running }
    },
    async say(type, sagaId, n = 0, id = `${type}-${++count}`) {
      const owner = contracts.events[type]?.owner ?? ''
      const data = { bookingId: sagaId, n }
      await producer.send([
        codec.encode({ id, type, source: owner, sagaId, time: clock.now(), trace: {}, data }),
      ])
      return id
    },
    async operate(command, sagaId, row, id = `${command}-${++count}`) {
      const letter = command === 'redrive' ? deadLetters.findLast(({ key }) => key === sagaId) : undefined
      const control = { id, command, by: 'ada', reason: 'a test', ...(row !== undefined && { row }) }
      await producer.send([controlMessage('desk', sagaId, control, letter)])
      return id
    },
    send: (record) => producer.send([{ headers: {}, ...record }]),
    heard(sagaId) {
      const events = new Map<string | undefined, string>()
      for (const { key, headers, value } of said) {
        if (key !== sagaId || events.has(headers.ce_id)) continue
        events.set(headers.ce_id, `${headers.ce_type} ${numberIn(value)}`)
      }
      return [...events.values()]
    },
    rows,
    head,
    lag,
    until: (what, met) => until(clock, what, met),
    quiet: () => quiet(clock),
    async settled(...sagaIds) {
      await until(clock, 'all records are committed', async () => (await lag()) === 0n)
      for (const sagaId of sagaIds) {
        const journal = await rows(sagaId)
        const told = JSON.stringify(journal.reduce<Head | null>(fold, null))
        await until(clock, 'the head tells what the journal tells', async () => {
          return JSON.stringify((await head(sagaId)) ?? null) === told
        })
        const emitted = journal.flatMap((row) => row.emitted.map((event) => event.id))
        await until(clock, 'the topic tells what the journal tells', () => {
          const ids = said.filter(({ key }) => key === sagaId).map(({ headers }) => headers.ce_id)
          return [...new Set(ids)].join() === emitted.join()
        })
      }
    },
  }
}

/** The last field of the fixtures' schema: a small number, so one zigzag byte. */
function numberIn(value: Buffer | null): number {
  return (value?.at(-1) ?? 0) / 2
}

async function listen(broker: Broker, topic: string): Promise<readonly BrokerRecord[]> {
  const heard: BrokerRecord[] = []
  const handler = { onRecords: (records: readonly BrokerRecord[]) => void heard.push(...records) }
  await broker.consume({ groupId: 'audience', topics: [topic], assignment: 'standalone', handler })
  return heard
}
