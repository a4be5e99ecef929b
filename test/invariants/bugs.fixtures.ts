import { randomUUID } from 'node:crypto'
import { deadLetterTopic, type OutgoingMessage } from '#messaging'
import type { Head } from '#orchestration'
import { saying } from './lossy-broker.fixtures.ts'
import { names } from './parts.ts'
import type { Seams } from './small-run.fixtures.ts'

export type PlantedBug = {
  readonly name: string
  /** The invariant that must find it. */
  readonly caughtBy: string
  /** Made anew for each run: some bugs happen once. */
  plant(): Seams
}

const minute = 60_000
const deadLetters: readonly string[] = names.map(deadLetterTopic)

/** Says yes the first time that something is `wanted`, and no ever after. */
function once<T>(wanted: (value: T) => boolean): (value: T) => boolean {
  let happened = false
  return (value) => {
    if (happened || !wanted(value)) return false
    happened = true
    return true
  }
}

const isType =
  (type: string) =>
  ({ topic, headers }: OutgoingMessage) =>
    headers.ce_type === type && !deadLetters.includes(topic)

/** Times kept by the minute, as a column of the wrong type would. */
function byTheMinute(head: Head): Head {
  const round = (at: number) => Math.floor(at / minute) * minute
  const timers = head.timers.map((timer) => ({ ...timer, dueAt: round(timer.dueAt) }))
  return { ...head, timers, dueAt: head.dueAt === null ? null : round(head.dueAt) }
}

/** What breaks each invariant. Below the runtime, never in it: so the real runtime, standing on broken ground, makes the evidence. */
export const bugs: readonly PlantedBug[] = [
  {
    name: 'a provider that does not know its idempotency keys',
    caughtBy: 'I1',
    plant: () => ({
      sandbox: (sandbox) => ({ ...sandbox, ledger: { ...sandbox.ledger, entryOf: () => undefined } }),
    }),
  },
  {
    name: 'a carrier that says "delivered" and sends nothing',
    caughtBy: 'I1',
    plant: () => ({
      sandbox: (sandbox) => ({
        ...sandbox,
        ledger: {
          ...sandbox.ledger,
          record: async (entry) => (entry.kind === 'shipment' ? undefined : sandbox.ledger.record(entry)),
        },
      }),
    }),
  },
  {
    name: 'an API that answers 202 before Kafka has the command',
    caughtBy: 'I2',
    plant() {
      const isLost = once(isType('PlaceOrder'))
      return { api: saying((message) => (isLost(message) ? [] : [message])) }
    },
  },
  {
    name: 'a store that never finds anything due',
    caughtBy: 'I2',
    plant: () => ({ store: (store) => ({ ...store, dueHeads: async () => [] }) }),
  },
  {
    name: 'a broker that says yes to an event and forgets it',
    caughtBy: 'I3',
    plant() {
      const isLost = once(isType('OrderDelivered'))
      // A death soon after it would heal it: the head does not cover its row yet, and it is said again.
      return { kills: [], broker: saying((message) => (isLost(message) ? [] : [message])) }
    },
  },
  {
    name: 'events that get a new id each time they are published',
    caughtBy: 'I3',
    plant: () => ({
      codec: (codec) => ({ ...codec, encode: (event) => codec.encode({ ...event, id: randomUUID() }) }),
    }),
  },
  {
    name: 'heads that come back without the ids they have seen',
    caughtBy: 'I4',
    plant: () => ({
      store: (store) => ({
        ...store,
        readHeads: async (ids) => (await store.readHeads(ids)).map((head) => ({ ...head, seen: [] })),
      }),
    }),
  },
  {
    name: 'a store that acknowledges a row and loses it',
    caughtBy: 'I5',
    plant() {
      const isLost = once(({ seq }: { seq: number }) => seq === 2)
      return {
        // A death soon after it would heal it: its cause is not committed yet, and comes again.
        kills: [],
        store: (store) => ({
          ...store,
          async insertRows(rows) {
            const lost = rows.filter(isLost)
            const kept = rows.filter((row) => !lost.includes(row))
            const results = await store.insertRows(kept)
            return rows.map((row) => results[kept.indexOf(row)] ?? 'inserted')
          },
        }),
      }
    },
  },
  {
    name: 'a codec that takes a refusal for a payment',
    caughtBy: 'I6',
    plant: () => ({
      codec: (codec) => ({
        ...codec,
        async decode(record) {
          const event = await codec.decode(record)
          return event.type === 'PaymentDeclined' ? { ...event, type: 'PaymentCaptured' } : event
        },
      }),
    }),
  },
  {
    name: 'a store that forgets a step back: heads stop at the second row',
    caughtBy: 'I7',
    plant: () => ({
      store: (store) => ({
        ...store,
        writeHeads: (heads) => store.writeHeads(heads.filter(({ seq }) => seq <= 2)),
      }),
    }),
  },
  {
    name: 'a tracker that drops what it should write',
    caughtBy: 'I7',
    plant: () => ({
      stories: (store) => ({
        ...store,
        write: (tellings) => store.write(tellings.filter(({ story }) => story.sagaId !== 'order-1')),
      }),
    }),
  },
  {
    name: 'a broker that loses dead letters',
    caughtBy: 'I8',
    plant: () => ({
      broker: saying((message) => (deadLetters.includes(message.topic) ? [] : [message])),
    }),
  },
  {
    name: 'dead letters that do not say why',
    caughtBy: 'I8',
    plant: () => ({
      broker: saying((message) => {
        const { dlt_reason: _, ...headers } = message.headers
        return [{ ...message, headers }]
      }),
    }),
  },
  {
    name: 'a consumer whose commits go nowhere',
    caughtBy: 'I9',
    plant: () => ({
      broker: (broker) => ({
        ...broker,
        consume: async (options) => ({ ...(await broker.consume(options)), commit: async () => {} }),
      }),
    }),
  },
  {
    name: 'a consumer that is handed only every second record of a batch',
    caughtBy: 'I9',
    plant: () => ({
      broker: (broker) => ({
        ...broker,
        consume: ({ handler, ...options }) =>
          broker.consume({
            ...options,
            handler: {
              ...handler,
              onRecords: (records) => handler.onRecords(records.filter((_, i) => i % 2 === 0)),
            },
          }),
      }),
    }),
  },
  {
    name: 'a store that keeps times by the minute',
    caughtBy: 'I10',
    plant: () => ({
      // Only who starts late reads times from the store: when little but a silent payment is left to be waited for.
      kills: [{ target: 'order', rows: 18 }],
      store: (store) => ({ ...store, writeHeads: (heads) => store.writeHeads(heads.map(byTheMinute)) }),
    }),
  },
  {
    name: 'a broker that drops trace headers',
    caughtBy: 'I11',
    plant: () => ({
      broker: saying((message) => {
        const { traceparent: _, ...headers } = message.headers
        return [{ ...message, headers }]
      }),
    }),
  },
  {
    name: 'an exporter that loses the spans of sending, though nobody died',
    caughtBy: 'I11',
    plant: () => ({ kills: [], spans: (spans) => spans.filter(({ name }) => !name.startsWith('send ')) }),
  },
  {
    name: 'a kill that comes too late to happen',
    caughtBy: 'I12',
    plant: () => ({ kills: [{ target: 'payment', rows: 1_000_000 }] }),
  },
  {
    name: 'a path that no order takes',
    caughtBy: 'I12',
    plant: () => ({ untaken: 'declined' }),
  },
]
