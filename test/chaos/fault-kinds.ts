import { linkId, participants, partnersOf, regulars, spares } from './cast.ts'
import { conversationTopics } from './topics.ts'

/** What a fault is about, for people, and whom it can hit. */
export type Kind = {
  readonly title: string
  readonly targets: readonly string[]
  /** Seconds that it lasts, at least and at most, when a schedule is generated. */
  readonly lasts: readonly [number, number]
  /** The measure `by`, at least and at most. */
  readonly by?: readonly [number, number]
}

const ids = regulars.map(({ id }) => id)
/** Connections that always have something to carry. The registry is asked only by a service that starts. */
const links = regulars.flatMap((role) =>
  partnersOf(role)
    .filter((partner) => partner !== 'registry')
    .map((partner) => linkId(role, partner)),
)

/** Every kind of fault by its name in a schedule. */
export const faultKinds = {
  'kill-service': { title: 'kill -9 of a service instance, started again', targets: ids, lasts: [1, 8] },
  'stop-service': { title: 'SIGTERM of a service instance, started again', targets: ids, lasts: [1, 6] },
  'freeze-service': { title: 'SIGSTOP of a service instance, then SIGCONT', targets: ids, lasts: [3, 14] },
  'join-service': {
    title: 'another instance joins and leaves again',
    targets: spares.map(({ id }) => id),
    lasts: [8, 20],
  },
  'roll-out': {
    title: 'a new version of a service: its instances are replaced one after the other',
    targets: participants,
    lasts: [6, 15],
  },
  'shift-clock': {
    title: 'an instance whose clock is wrong',
    targets: ids,
    lasts: [10, 25],
    by: [-30_000, 30_000],
  },
  'kill-tracker': { title: 'kill -9 of the tracker, started again', targets: ['tracker'], lasts: [2, 10] },
  'kill-broker': { title: 'kill -9 of Kafka, started again', targets: ['kafka'], lasts: [1, 8] },
  'freeze-broker': { title: 'SIGSTOP of Kafka, then SIGCONT', targets: ['kafka'], lasts: [3, 10] },
  'full-disk': {
    title: "Kafka's files may not grow: it dies, and is started again",
    targets: ['kafka'],
    lasts: [3, 8],
  },
  'small-messages': {
    title: 'a topic takes only small batches',
    targets: conversationTopics,
    lasts: [4, 10],
    by: [200, 700],
  },
  'kill-registry': { title: 'kill -9 of the registry, started again', targets: ['registry'], lasts: [2, 15] },
  'kill-store': { title: 'kill -9 of the store, started again', targets: ['store'], lasts: [1, 8] },
  'freeze-store': { title: 'SIGSTOP of the store, then SIGCONT', targets: ['store'], lasts: [3, 10] },
  cut: { title: 'connections of an instance cut and refused', targets: links, lasts: [2, 10] },
  'black-hole': { title: 'connections of an instance carry nothing', targets: links, lasts: [4, 15] },
  delay: {
    title: 'connections of an instance are slow',
    targets: links,
    lasts: [10, 25],
    by: [20, 150],
  },
  duplicate: { title: 'every message is sent twice', targets: ['messages'], lasts: [10, 30] },
  replay: { title: 'old messages are sent again', targets: ['history'], lasts: [1, 2], by: [100, 600] },
  'kill-sandbox': { title: 'kill -9 of payment provider and carrier', targets: ['sandbox'], lasts: [1, 6] },
  'sandbox-outage': {
    title: 'payment provider or carrier answers 503',
    targets: ['provider', 'carrier'],
    lasts: [3, 10],
  },
  'sandbox-slow': {
    title: 'payment provider or carrier is slow',
    targets: ['provider', 'carrier'],
    lasts: [5, 15],
    by: [200, 1_500],
  },
} as const satisfies Record<string, Kind>
