import { type OutgoingMessage, type Producer, RetryableError } from '#messaging'
import type { Logger } from '#observability'
import type { Jitter } from './backoff.ts'
import type { Clock } from './clock.ts'
import { type Committed, groupCommitter } from './group-committer.ts'
import { headWriter } from './head-writer.ts'
import type { Head, JournalRow } from './journal.ts'
import { stepsTopic } from './saga-steps.ts'
import { fold } from './step/head.ts'
import type { Store } from './store.ts'

/**
 * The four rules that carry all of the durability. Nothing else in Chorus writes a row, publishes an event or moves a head.
 *
 * 1. A step is one insert. At most one row of a saga is in flight: the caller awaits `append` before it decides the next step.
 * 2. Publish in order, then move the head. The publisher has one queue and repeats a failed batch in place, so no later row
 *    overtakes; a head is queued only when its row is published.
 * 3. Whoever loads a saga first publishes the rows beyond its head, before any row of its own.
 * 4. A cause stays until the head has passed it: `onCovered` is called only after the head is written, and offsets
 *    and due rows wait for it.
 */
export type Durability = {
  /**
   * Inserts the row and queues its publication. `lost`: another owner's row has this seq, so the saga must be loaded again.
   * `onPublished` is called once its messages are stored by the broker.
   */
  append(
    row: JournalRow,
    head: Head,
    messages: readonly OutgoingMessage[],
    onPublished?: () => void,
  ): Promise<'inserted' | 'lost'>
  /**
   * The saga as the store knows it: its head, and the rows beyond it folded in and queued for publication. Rejects with a
   * `RetryableError` when one of these rows cannot be encoded.
   */
  load(sagaId: string): Promise<Loaded>
  /** Queues messages that belong to no row, such as dead letters. */
  publish(messages: readonly OutgoingMessage[], onPublished: () => void): void
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>
  stop(): void
}

/** `covered`: the stored head's seq; `head` may be ahead of it. */
export type Loaded = { readonly head: Head | null; readonly covered: number }

export type DurabilityOptions = {
  readonly store: Store
  readonly producer: Producer
  /** The messages that publish a row. Throws when they cannot be encoded. */
  readonly messagesOf: (row: JournalRow) => readonly OutgoingMessage[]
  /** The stored head of this saga has reached this seq. */
  readonly onCovered: (sagaId: string, seq: number) => void
  /** Whether heads may wait for later rows; false while somebody waits for each single one. */
  readonly headsMayWait: () => boolean
  readonly clock: Clock
  readonly log: Logger
  readonly random?: Jitter | undefined
}

type Insert = { readonly row: JournalRow; readonly resolve: (result: 'inserted' | 'lost') => void }
type Publication = {
  readonly messages: readonly OutgoingMessage[]
  readonly head?: Head
  readonly onPublished?: (() => void) | undefined
}
type Load = {
  readonly sagaId: string
  readonly resolve: (loaded: Loaded) => void
  readonly reject: (error: Error) => void
}

/**
 * A row that says nothing to other participants, such as one that only starts an effect, has but its step for the tracker to publish.
 * It goes with what comes next, mostly the answer of that effect, or alone after this time, in ms.
 */
const linger = {
  ms: 20,
  of: ({ messages }: Publication) => messages.every(({ topic }) => topic === stepsTopic),
}

/**
 * Between two inserts: as long as the last one took, at most so many ms, since what the store is slow with is cheaper together. A row
 * that came alone is followed at once.
 */
const longestRest = 25
const rest = ({ items, tookMs }: Committed) => (items > 1 ? Math.min(tookMs, longestRest) : 0)

/** How many rows beyond a head one look-up asks for. */
const probe = 4

export function durability({
  store,
  producer,
  messagesOf,
  onCovered,
  headsMayWait,
  clock,
  log,
  random,
}: DurabilityOptions): Durability {
  const ports = { clock, log, random }
  const journal = groupCommitter<Insert>({ ...ports, name: 'journal insert', commit: insert, rest })
  const publisher = groupCommitter<Publication>({ ...ports, name: 'publish', commit: publish, linger })
  const heads = headWriter({ ...ports, store, onCovered, mayWait: headsMayWait })
  const loader = groupCommitter<Load>({ ...ports, name: 'load', commit: load })

  async function insert(batch: readonly Insert[]): Promise<void> {
    const results = await store.insertRows(batch.map(({ row }) => row))
    const clashes = batch.filter((_, i) => results[i] === 'duplicate')
    const mine = await ownRows(clashes.map(({ row }) => row))
    batch.forEach(({ row, resolve }, i) => {
      resolve(results[i] === 'inserted' || mine.has(row.attempt) ? 'inserted' : 'lost')
    })
  }

  /** A repeated insert whose first answer was lost finds its own row: the attempt id tells. */
  async function ownRows(clashes: readonly JournalRow[]): Promise<Set<string>> {
    if (clashes.length === 0) return new Set()
    const stored = await store.readRows(clashes.map((row) => row._id))
    return new Set(stored.map((row) => row.attempt))
  }

  async function publish(batch: readonly Publication[]): Promise<void> {
    const messages = batch.flatMap((publication) => publication.messages)
    if (messages.length > 0) await producer.send(messages)
    for (const { head, onPublished } of batch) {
      onPublished?.()
      if (head) heads.add(head)
    }
  }

  async function load(batch: readonly Load[]): Promise<void> {
    const ids = [...new Set(batch.map(({ sagaId }) => sagaId))]
    const stored = new Map((await store.readHeads(ids)).map((head) => [head._id, head]))
    const beyond = await rowsBeyond(ids, stored)
    const loaded = new Map(ids.map((id) => [id, catchUp(stored.get(id) ?? null, beyond.get(id) ?? [])]))
    for (const { sagaId, resolve, reject } of batch) {
      const outcome = loaded.get(sagaId)
      if (outcome instanceof Error) reject(outcome)
      else if (outcome) resolve(outcome)
    }
  }

  /** Queues the rows beyond the head. What can no longer be encoded is the fault of this saga alone: the others are loaded. */
  function catchUp(stored: Head | null, rows: readonly JournalRow[]): Loaded | RetryableError {
    try {
      let head = stored
      const publications = rows.map((row) => {
        head = fold(head, row)
        return { messages: messagesOf(row), head }
      })
      for (const publication of publications) publisher.add(publication)
      return { head, covered: stored?.seq ?? 0 }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      return new RetryableError(`a row of saga ${rows[0]?.sagaId} cannot be published: ${reason}`, { cause })
    }
  }

  /** Only the contiguous rows count: a later one may have been read before an earlier one was inserted. */
  async function rowsBeyond(
    ids: readonly string[],
    stored: ReadonlyMap<string, Head>,
  ): Promise<Map<string, JournalRow[]>> {
    const found = new Map<string, JournalRow[]>(ids.map((id) => [id, []]))
    const next = (id: string) => (stored.get(id)?.seq ?? 0) + (found.get(id)?.length ?? 0) + 1
    let open = [...ids]
    while (open.length > 0) {
      const wanted = open.flatMap((id) => Array.from({ length: probe }, (_, i) => `${id}:${next(id) + i}`))
      const rows = new Map((await store.readRows(wanted)).map((row) => [row._id, row]))
      open = open.filter((id) => {
        const known = found.get(id) ?? []
        const before = known.length
        for (let row = rows.get(`${id}:${next(id)}`); row; row = rows.get(`${id}:${next(id)}`))
          known.push(row)
        return known.length - before === probe
      })
    }
    return found
  }

  return {
    async append(row, head, messages, onPublished) {
      const result = await new Promise<'inserted' | 'lost'>((resolve) => journal.add({ row, resolve }))
      if (result === 'inserted') publisher.add({ messages, head, onPublished })
      return result
    },
    load: (sagaId) => new Promise((resolve, reject) => loader.add({ sagaId, resolve, reject })),
    publish: (messages, onPublished) => publisher.add({ messages, onPublished }),
    async idle() {
      for (const committer of [loader, journal, publisher, heads]) await committer.idle()
    },
    stop() {
      for (const committer of [loader, journal, publisher, heads]) committer.stop()
    },
  }
}
