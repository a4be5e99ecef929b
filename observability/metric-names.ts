/** A metric by its OpenTelemetry name. `buckets` are the upper bounds of a histogram, in its unit. */
export type MetricName = {
  readonly name: string
  readonly unit: string
  readonly says: string
} & (
  | { readonly kind: 'counter' | 'gauge' }
  | { readonly kind: 'histogram'; readonly buckets: readonly number[] }
)

export type CounterName = MetricName & { readonly kind: 'counter' }
export type GaugeName = MetricName & { readonly kind: 'gauge' }
export type HistogramName = MetricName & { readonly kind: 'histogram' }

/** Seconds of one piece of work, as the semantic conventions advise for messaging and HTTP. */
const moments = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

/** Seconds of a saga: it may wait for people. */
const lifetimes = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400]

const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]

/**
 * Every metric, once. The count of a duration is also how often it happened: sagas that ended by their final state, steps by
 * cause and outcome, attempts of effects that failed.
 */
export const metricNames = {
  sagaStarted: {
    name: 'chorus.saga.started',
    kind: 'counter',
    unit: '{saga}',
    says: 'Sagas in which a participant has begun its part.',
  },
  sagaDuration: {
    name: 'chorus.saga.duration',
    kind: 'histogram',
    unit: 's',
    buckets: lifetimes,
    says: "A participant's part of a saga, from its first row to its final state.",
  },
  sagaOverdue: {
    name: 'chorus.saga.overdue',
    kind: 'gauge',
    unit: '{saga}',
    says: 'Sagas whose timer or effect should have been done with more than 10 s ago.',
  },
  sagaStuck: {
    name: 'chorus.saga.stuck',
    kind: 'gauge',
    unit: '{saga}',
    says: 'Sagas that do not go on by themselves, as the tracker sees them.',
  },
  stepDuration: {
    name: 'chorus.step.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'One step, from its turn until its row is stored, or until it is known that it needs none.',
  },
  effectDuration: {
    name: 'chorus.effect.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'One attempt of an effect. With error.type: it failed.',
  },
  dependencyOpen: {
    name: 'chorus.dependency.open',
    kind: 'gauge',
    unit: '1',
    says: 'Whether the circuit breaker of a dependency keeps attempts away: 1 or 0.',
  },
  deadLetters: {
    name: 'chorus.dead_letters',
    kind: 'counter',
    unit: '{message}',
    says: 'Messages that went to the dead letters.',
  },
  committerBatchSize: {
    name: 'chorus.committer.batch.size',
    kind: 'histogram',
    unit: '{item}',
    buckets: sizes,
    says: 'Items that a group committer wrote with one request.',
  },
  committerDuration: {
    name: 'chorus.committer.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'One request of a group committer that succeeded.',
  },
  committerFailures: {
    name: 'chorus.committer.failures',
    kind: 'counter',
    unit: '{request}',
    says: 'Requests of a group committer that failed and are repeated in place.',
  },
  consumerLag: {
    name: 'chorus.consumer.lag',
    kind: 'gauge',
    unit: '{message}',
    says: 'Messages of a topic that a consumer group has not committed, as the tracker sees them.',
  },
  consumerDelay: {
    name: 'chorus.consumer.delay',
    kind: 'gauge',
    unit: 's',
    says: 'Age of the oldest message of a topic that a consumer group has not committed.',
  },
  consumerMembers: {
    name: 'chorus.consumer.members',
    kind: 'gauge',
    unit: '{member}',
    says: 'Members of a consumer group.',
  },
  spanLost: {
    name: 'chorus.span.lost',
    kind: 'counter',
    unit: '{span}',
    says: 'Spans that were not exported.',
  },
  sentMessages: {
    name: 'messaging.client.sent.messages',
    kind: 'counter',
    unit: '{message}',
    says: 'Messages that were sent, or with error.type could not be.',
  },
  consumedMessages: {
    name: 'messaging.client.consumed.messages',
    kind: 'counter',
    unit: '{message}',
    says: 'Messages that were delivered.',
  },
  clientOperationDuration: {
    name: 'messaging.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'One request to the broker: send or commit.',
  },
  processDuration: {
    name: 'messaging.process.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'Taking in one message, as long as its process span.',
  },
  /** This one and the next are made by the instrumentations of HTTP. */
  httpServerDuration: {
    name: 'http.server.request.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'Duration of HTTP server requests.',
  },
  httpClientDuration: {
    name: 'http.client.request.duration',
    kind: 'histogram',
    unit: 's',
    buckets: moments,
    says: 'Duration of HTTP client requests.',
  },
  processCpuTime: {
    name: 'process.cpu.time',
    kind: 'counter',
    unit: 's',
    says: 'CPU seconds of the process.',
  },
  processMemory: {
    name: 'process.memory.usage',
    kind: 'gauge',
    unit: 'By',
    says: 'Resident memory of the process.',
  },
  eventLoopUtilization: {
    name: 'nodejs.eventloop.utilization',
    kind: 'gauge',
    unit: '1',
    says: 'Share of the time since the last look in which the event loop was busy.',
  },
} as const satisfies Readonly<Record<string, MetricName>>
