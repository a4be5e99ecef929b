import { metricNames } from './metric-names.ts'

/**
 * Every name that Chorus gives to what it measures, once. Messaging names follow the OpenTelemetry semantic conventions;
 * `saga.*`, `effect.*` and `timer.*` are ours.
 */
export const telemetryNames = {
  spans: {
    /** Events go out to a topic (producer). */
    send: (topic: string) => `send ${topic}`,
    /** One message is taken in (consumer); its parent is the message's own context. */
    process: (topic: string) => `process ${topic}`,
    /** A durable timer fires (internal); its parent is the context of the step that started it. */
    timer: (timerId: string) => `timer ${timerId}`,
    /** One attempt of an effect (client or internal); its parent is the context of the step that asked for it. */
    effect: (participant: string, effectId: string) => `${participant}.${effectId}`,
    /** The step that takes in what came of an effect (internal); its parent is the attempt's span. */
    answer: (participant: string, effectId: string) => `${participant}.${effectId} answer`,
  },
  /** What every span of a process says about the process. */
  resource: {
    serviceName: 'service.name',
    serviceVersion: 'service.version',
    serviceInstance: 'service.instance.id',
  },
  attributes: {
    messagingSystem: 'messaging.system',
    destinationName: 'messaging.destination.name',
    destinationPartition: 'messaging.destination.partition.id',
    operationType: 'messaging.operation.type',
    operationName: 'messaging.operation.name',
    consumerGroup: 'messaging.consumer.group.name',
    kafkaOffset: 'messaging.kafka.offset',
    messageId: 'messaging.message.id',
    /** The event's type; the conventions have no name for it, CloudEvents have. */
    eventType: 'cloudevents.event_type',
    errorType: 'error.type',
    sagaId: 'saga.id',
    sagaParticipant: 'saga.participant',
    /** The state after the step. */
    sagaState: 'saga.state',
    /** The journal row that the step wrote. */
    sagaSeq: 'saga.seq',
    /** What the step was taken for: `event`, `timer`, `answer`, `retry` … */
    sagaCause: 'saga.cause',
    /** How the cause was taken: `applied`, `deferred`, `ignored`. */
    sagaOutcome: 'saga.outcome',
    effectId: 'effect.id',
    /** 1 for the first attempt. */
    effectAttempt: 'effect.attempt',
    effectIdempotencyKey: 'effect.idempotency_key',
    timerId: 'timer.id',
    /** When it was due, epoch milliseconds. */
    timerDueAt: 'timer.due_at',
    /** What effects call: one circuit breaker for each. */
    dependencyName: 'dependency.name',
    /** What a group committer writes. */
    committerName: 'committer.name',
    /** Why a saga does not go on, as the tracker sees it. */
    stuckCause: 'stuck.cause',
    /** The service that has to act. */
    stuckResponsible: 'stuck.responsible',
    cpuMode: 'cpu.mode',
  },
  metrics: metricNames,
} as const
