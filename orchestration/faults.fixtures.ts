import type { Broker, Consumer, OutgoingMessage } from '#messaging'
import type { Logger } from '#observability'
import type { Clock } from './clock.ts'
import type { JournalRow } from './journal.ts'
import type { Store } from './store.ts'

/** Where a process reaches out of itself. */
type Crossing = 'insert' | 'read rows' | 'read heads' | 'write heads' | 'marks' | 'send' | 'commit'

/** Runs beside a crossing: may throw (nothing was done, or the answer was lost) or wait. */
// biome-ignore lint/suspicious/noExplicitAny: a test names the shape of the crossing that it stands at.
export type Fault = (argument: any) => unknown

/** A process of a test: what it reaches for, with a fault before or after each crossing, and a switch that kills it. */
export type MortalProcess = {
  readonly broker: Broker
  readonly store: Store
  readonly clock: Clock
  readonly before: Partial<Record<Crossing, Fault>>
  readonly after: Partial<Record<Crossing, Fault>>
  /** As `kill -9`: nothing that is under way ever answers, nothing more is done, and the group notices. */
  kill(): Promise<void>
}

const never = new Promise<never>(() => {})

export function mortalProcess(world: { broker: Broker; store: Store; clock: Clock }): MortalProcess {
  const before: MortalProcess['before'] = {}
  const after: MortalProcess['after'] = {}
  const consumers: Consumer[] = []
  let dead = false

  async function cross<T>(crossing: Crossing, argument: unknown, call: () => Promise<T>): Promise<T> {
    if (!dead) await before[crossing]?.(argument)
    if (dead) return never
    const answer = await call()
    if (!dead) await after[crossing]?.(argument)
    return dead ? never : answer
  }

  const store: Store = {
    ...world.store,
    insertRows: (rows) => cross('insert', rows, () => world.store.insertRows(rows)),
    readRows: (ids) => cross('read rows', ids, () => world.store.readRows(ids)),
    readHeads: (ids) => cross('read heads', ids, () => world.store.readHeads(ids)),
    writeHeads: (heads, begun) => cross('write heads', heads, () => world.store.writeHeads(heads, begun)),
    marks: {
      read: (partitions) => cross('marks', partitions, () => world.store.marks.read(partitions)),
      write: (marks) => cross('marks', marks, () => world.store.marks.write(marks)),
    },
    dueHeads: (query) => (dead ? never : world.store.dueHeads(query)),
  }

  const broker: Broker = {
    ...world.broker,
    async producer() {
      const producer = await world.broker.producer()
      return {
        ...producer,
        send: (messages) => cross('send', messages, () => producer.send(messages)),
      }
    },
    async consume(options) {
      const { handler } = options
      const consumer = await world.broker.consume({
        ...options,
        handler: {
          onRecords: (records) => dead || handler.onRecords(records),
          onAssigned: (partitions) => dead || handler.onAssigned?.(partitions),
          onFatal: (error) => dead || handler.onFatal?.(error),
        },
      })
      consumers.push(consumer)
      return {
        ...consumer,
        commit: (positions) => cross('commit', positions, () => consumer.commit(positions)),
      }
    },
  }

  const clock: Clock = {
    now: world.clock.now,
    schedule: (ms, task) => world.clock.schedule(ms, () => dead || task()),
  }

  return {
    broker,
    store,
    clock,
    before,
    after,
    async kill() {
      dead = true
      for (const consumer of consumers) await consumer.close()
    },
  }
}

/** Throws the first `times` times. */
export function fails(times: number): Fault {
  let left = times
  return () => {
    if (left-- > 0) throw new Error('a fault of the test')
  }
}

/** The process dies when a row with this seq is stored, before it hears of it. */
export function diesAfterInsertOf(process: Pick<MortalProcess, 'kill'>, seq: number): Fault {
  return (rows: readonly JournalRow[]) => rows.some((row) => row.seq === seq) && process.kill()
}

/** A fault at `send` that only strikes when the desk speaks. */
export function atEvents(fault: Fault): Fault {
  return (messages: readonly OutgoingMessage[]) =>
    messages.some(({ topic }) => topic === 'desk.events') && fault(messages)
}

/** A gate that is shut until it is opened; `reached` says whether somebody waits at it. */
export function gate(): { readonly fault: Fault; open(): void; reached(): boolean } {
  const { promise, resolve } = Promise.withResolvers<void>()
  let reached = false
  return {
    fault() {
      reached = true
      return promise
    },
    open: () => resolve(),
    reached: () => reached,
  }
}

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent }
