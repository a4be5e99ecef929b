import type {
  ContractsView,
  Lag,
  Overview,
  ProgressView,
  SagaList,
  SagaSummary,
  Stuck,
  Topology,
  TraceView,
} from '../services/tracker/api.ts'

/** What the console shows when the API answers so: states that a healthy shop never shows. */
export type PageState = {
  readonly name: string
  /** Below `/console`. */
  readonly path: string
  /** By path below `/api/v1`, without a query. */
  readonly answers: Readonly<Record<string, object | Away>>
  /** Texts that are seen. */
  readonly shows: readonly string[]
}

/** Answered with 503 and this code. */
export type Away = { readonly away: string }
const storeAway: Away = { away: 'store-unavailable' }

const at = '2026-11-23T10:00:00.000Z'

const overview: Overview = {
  at,
  counts: { running: 2, waiting: 1, ended: 40 },
  endings: { delivered: 40 },
  minutes: [{ minute: at, started: 3, ended: 1, compensated: 0 }],
  duration: null,
  overdue: 0,
  stuck: 0,
  isStuckPartial: false,
  deadLetters: 0,
  worstLag: null,
  brokerError: null,
  tracker: { state: 'following', read: 10_400, end: 10_400, since: at },
}

const nothingStuck: Stuck = { looked: 0, isPartial: false, groups: [] }
const noSagas: SagaList = { sagas: [], total: 0, isPartial: false }

const saga: SagaSummary = {
  sagaId: 'order-7f3a',
  state: 'waiting',
  why: {
    cause: 'no-consumer',
    sentence: 'No process of shipping is running: OrderPaid waits for it since 09:58:00Z',
    responsible: 'shipping',
    since: '2026-11-23T09:58:00.000Z',
    until: null,
    isStuck: true,
  },
  sentence: 'No process of shipping is running: OrderPaid waits for it since 09:58:00Z',
  ending: null,
  isCompensating: false,
  hasCompensated: false,
  beganAt: '2026-11-23T09:57:00.000Z',
  at,
  dueAt: null,
  participants: [{ participant: 'order', state: 'shipping', status: 'active' }],
}

const heldUp: ProgressView = {
  isPartial: false,
  sagas: [
    {
      ...saga,
      milestones: [
        { name: 'Placed', standing: 'reached', at },
        { name: 'Paid', standing: 'reached', at },
        { name: 'Handed over', standing: 'reached', at },
        { name: 'Delivered', standing: 'next', at: null },
        { name: 'Completed', standing: 'open', at: null },
      ],
    },
  ],
}

const refused: ProgressView = {
  isPartial: true,
  sagas: [
    {
      ...saga,
      ...{ state: 'ended', why: null, ending: 'cancelled', hasCompensated: true },
      sentence: 'Ended: order cancelled, payment refunded, shipping refused',
      milestones: [
        { name: 'Placed', standing: 'reached', at },
        { name: 'Paid', standing: 'reached', at },
        { name: 'Handed over', standing: 'reached', at },
        { name: 'Delivered', standing: 'closed', at: null },
        { name: 'Completed', standing: 'closed', at: null },
      ],
    },
  ],
}

const oldLag: Lag = {
  at,
  error: 'no connection to 127.0.0.1:9092',
  groups: [
    {
      ...{ group: 'payment', members: 1, lag: 3, history: [] },
      partitions: [
        {
          group: 'payment',
          topic: 'order.events',
          partition: 0,
          committed: '4',
          end: '7',
          lag: 3,
          seconds: 12,
        },
      ],
    },
  ],
}

const topology: Topology = {
  services: ['order', 'outside', 'payment'],
  topics: ['order.events', 'payment.events'],
  edges: [
    edge('order', 'order.events', 'OrderPlaced', 'declared'),
    edge('order.events', 'payment', 'OrderPlaced', 'declared'),
    edge('payment', 'payment.events', 'PaymentCaptured', 'declared'),
    edge('outside', 'payment.events', 'PaymentCaptured', 'undeclared'),
  ],
}

function edge(
  from: string,
  to: string,
  type: string,
  kind: Topology['edges'][number]['kind'],
): Topology['edges'][number] {
  return { from, to, kind, events: [{ type, perMinute: 1.4 }], lag: null }
}

const field = (name: string, more: object = {}) => ({ name, type: 'string', doc: `The ${name}.`, ...more })
const schema = (...fields: readonly object[]) => ({ type: 'record', name: 'OrderPlaced', fields })

const contracts: ContractsView = {
  events: [
    {
      type: 'OrderPlaced',
      doc: 'An order was opened.',
      owner: 'order',
      topic: 'order.events',
      subject: 'order.events-chorus.order.OrderPlaced',
      producers: ['order'],
      consumers: ['payment'],
      personal: [],
      example: { orderId: 'order-1' },
      versions: [
        { version: 1, id: 4, schema: schema(field('orderId'), field('coupon', { default: '' })) },
        { version: 2, id: 9, schema: schema(field('orderId'), field('giftNote', { default: '' })) },
      ],
      compatibility: 'FULL_TRANSITIVE',
    },
  ],
}

const span: TraceView['spans'][number] = {
  ...{ traceId: 't1', spanId: 'a', parentId: null, service: 'order', name: 'PlaceOrder', startedAt: at },
  ...{ offset: 0, duration: 4, isError: false, attributes: { 'saga.seq': '1' } },
}
const trace: TraceView = {
  spans: [span, { ...span, spanId: 'b', parentId: 'a', service: 'payment', offset: 1, isError: true }],
  link: 'http://127.0.0.1:16686/trace/{traceId}',
}

const calm = { overview, stuck: nothingStuck, sagas: noSagas } as const

/** `sagaId`: of a saga that the tracker knows. */
export const pageStates = (sagaId: string): readonly PageState[] => [
  {
    name: 'stories are told anew',
    path: '/',
    answers: {
      ...calm,
      overview: { ...overview, tracker: { state: 'rebuilding', read: 3_120, end: 10_400, since: at } },
    },
    shows: ['The stories are told anew: 3,120 of 10,400 steps read (30 %)'],
  },
  {
    name: 'the broker is away, on the overview',
    path: '/',
    answers: { ...calm, overview: { ...overview, brokerError: 'no connection to 127.0.0.1:9092' } },
    shows: ['The broker does not answer: no connection to 127.0.0.1:9092'],
  },
  {
    name: 'the broker is away',
    path: '/lag?group=payment',
    answers: { ...calm, lag: oldLag },
    shows: ['The broker does not answer', '3 behind, 12 s'],
  },
  {
    name: 'the store is away',
    path: '/sagas',
    answers: { overview: storeAway, sagas: storeAway },
    shows: ['The store does not answer', 'It is asked again every few seconds.'],
  },
  {
    name: 'an undeclared line',
    path: '/topology',
    answers: { ...calm, topology },
    shows: ['Seen, and no contract or definition says it: outside → payment.events (PaymentCaptured)'],
  },
  {
    name: 'two versions of a contract',
    path: '/contracts?event=OrderPlaced',
    answers: { ...calm, contracts },
    shows: ['Since version 1', 'giftNote', 'removed'],
  },
  {
    name: 'more sagas than can be looked at',
    path: '/stuck',
    answers: {
      ...calm,
      stuck: {
        ...{ looked: 5_000, isPartial: true },
        groups: [
          { cause: 'no-consumer', responsible: 'shipping', count: 1, oldest: saga.beganAt, sagas: [saga] },
        ],
      },
    },
    shows: ['these are of the 5,000 oldest', 'No process of shipping is running'],
  },
  {
    name: 'an order that is held up',
    path: '/o/order-7f3a',
    answers: { ...calm, 'progress/order-7f3a': heldUp },
    shows: ['Handed over', 'held up', 'to come'],
  },
  {
    name: 'an order that was given up',
    path: '/o/customer-1',
    answers: { ...calm, 'progress/customer-1': refused },
    shows: ['will not come', 'found in saga', 'The id stands in more sagas than are shown here.'],
  },
  {
    name: 'an id that nobody knows',
    path: '/o/order-404',
    answers: { ...calm, 'progress/order-404': { sagas: [], isPartial: false } },
    shows: ['Nothing is known of order-404'],
  },
  {
    name: 'no saga yet',
    path: '/',
    answers: {
      ...calm,
      overview: { ...overview, counts: { running: 0, waiting: 0, ended: 0 }, endings: {} },
    },
    shows: ['No sagas yet'],
  },
  {
    name: 'a trace',
    path: `/sagas/${sagaId}?tab=trace`,
    answers: { [`sagas/${sagaId}/trace`]: trace },
    shows: ['2 spans in', 'failed', 'Jaeger'],
  },
  {
    name: 'traces are not collected',
    path: `/sagas/${sagaId}?tab=trace`,
    answers: { [`sagas/${sagaId}/trace`]: { away: 'traces-unavailable' } satisfies Away },
    shows: ['Traces are not collected here', 'npm run infra:build -- --only jaeger'],
  },
  { name: 'no saga listed', path: '/sagas', answers: calm, shows: ['No sagas yet'] },
  { name: 'nothing stuck', path: '/stuck', answers: calm, shows: ['Nothing is stuck'] },
  {
    name: 'no group',
    path: '/lag',
    answers: { ...calm, lag: { at: null, error: null, groups: [] } },
    shows: ['No consumer group is known yet'],
  },
  {
    name: 'no service',
    path: '/topology',
    answers: { ...calm, topology: { services: [], topics: [], edges: [] } },
    shows: ['No service has made itself known'],
  },
  {
    name: 'no contract',
    path: '/contracts',
    answers: { ...calm, contracts: { events: [] } },
    shows: ['There are no contracts'],
  },
  {
    name: 'no dead letter',
    path: '/dead-letters',
    answers: { ...calm, 'dead-letters': { groups: [], letters: [], total: 0 } },
    shows: ['No dead letters'],
  },
]
