import { askerOf } from '#messaging'
import { delayName, type SagaStep, type Story, type TimelineEntry } from '#orchestration'
import type { EmittedView, StepView } from '../api.ts'
import { shownState } from './saga-summary.ts'
import { iso, type Viewer } from './viewer.ts'

type Shown = Pick<Viewer, 'tracker' | 'contracts' | 'codec' | 'masking' | 'schemaVersion'>

/** One step of the time line: what came in, what it changed, what went out. */
export function stepView(entry: TimelineEntry, story: Story, viewer: Shown): StepView {
  const { step, before, after, changes, traceId } = entry
  const { participant, seq, version, at, outcome, timers, effects } = step
  const { definition } = viewer.tracker.definitions.of(participant, version) ?? {}
  const { anything, isPersonal } = viewer.masking
  const shown = (path: string, value: unknown) =>
    value === undefined ? null : isPersonal(path) ? '•••' : anything(value)
  return {
    participant,
    seq,
    version,
    at: iso(at),
    cause: {
      ...causeView(entry, viewer),
      ...(step.cause.kind === 'timer' && { name: timerName(entry, definition) }),
    },
    outcome,
    before: shownState({ state: before }),
    after: shownState({ state: after }),
    changes: changes.map(({ path, expected, found }) => ({
      path,
      before: shown(path, expected),
      after: shown(path, found),
    })),
    emitted: step.emitted.map((event) => emittedView(event, step, story, viewer)),
    timersStarted: timers.started.map(({ event, dueAt }) => ({
      name: delayName(definition, after, event),
      dueAt: iso(dueAt),
    })),
    effectsStarted: effects.started.map(({ id, failures }) => ({ id, attempt: failures + 1 })),
    traceId,
  }
}

/** As the machine calls it, in the state in which it fired. */
function timerName({ name, before }: TimelineEntry, definition: unknown): string {
  return delayName(definition, before, name)
}

function causeView({ step: { cause }, name }: TimelineEntry, { masking }: Shown): StepView['cause'] {
  const { kind, id } = cause
  switch (cause.kind) {
    case 'event': {
      const { source, topic, partition, offset } = cause
      return { kind, id, name, source, topic, partition, offset, ...askerOf(cause) }
    }
    case 'answer':
      return { kind, id, name, value: masking.anything(cause.value) }
    case 'retry':
      return { kind, id, name, error: cause.error }
    case 'poison': {
      const { topic, partition, offset, reason } = cause
      return { kind, id, name, topic, partition, offset, error: reason }
    }
    case 'command': {
      const { by, reason, error } = cause
      return { kind, id, name, by, reason, ...(error !== undefined && { error }) }
    }
    default:
      return { kind, id, name }
  }
}

function emittedView(
  { id, type, data, trace }: SagaStep['emitted'][number],
  { participant, sagaId, at, cause }: SagaStep,
  story: Story,
  { tracker, contracts, codec, masking, schemaVersion }: Shown,
): EmittedView {
  const said = story.parts[participant]?.said.find((event) => event.id === id)
  const envelope = { id, type, source: participant, sagaId, time: at, causationId: cause.id, trace, data }
  const message = encoded(() => codec.encode(envelope))
  const contract = contracts.events[type]
  const schemaId = message?.value ? schemaIdIn(message.value) : null
  return {
    id,
    type,
    topic: contract?.topic ?? null,
    subject: contract?.subject ?? null,
    schemaVersion: contract && schemaId !== null ? schemaVersion(contract.subject, schemaId) : null,
    schemaId,
    to: said?.to ?? tracker.definitions.listenersOf(type),
    headers: message?.headers ?? {},
    data: masking.event(type, data),
  }
}

/** As it was published, unless the contract has changed so much since that it cannot be said any more. */
function encoded<T>(encode: () => T): T | null {
  try {
    return encode()
  } catch {
    return null
  }
}

/** Behind the magic byte of the wire format. */
function schemaIdIn(value: Buffer): number {
  return value.readInt32BE(1)
}
