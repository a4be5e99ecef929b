import { Refusal } from '#orchestration/operations'
import type { PartView, SagaList, SagaView, StepView } from '../../../services/tracker/api.ts'
import type { Telling } from '../output.ts'
import type { Tracker } from '../tracker.ts'
import { stateText } from './view.ts'

/** Tells all that the tracker knows of the saga with this id in it. Rejects when there is none, or more than one. */
export async function showSaga(tracker: Tracker, id: string, { output, terminal }: Telling): Promise<number> {
  const saga = await find(tracker, id)
  output.page(saga, lines(saga))
  terminal.err(`Next: ./chorus sagas tail ${saga.sagaId}`)
  return 0
}

async function find(tracker: Tracker, id: string): Promise<SagaView> {
  const { sagas } = await tracker.get<SagaList>('/sagas', { q: id, limit: 10 })
  const [found, ...more] = sagas
  if (more.length > 0)
    throw new Refusal(`"${id}" is in several sagas: ${sagas.map(({ sagaId }) => sagaId).join(', ')}.`)
  return await tracker.get<SagaView>(`/sagas/${encodeURIComponent(found?.sagaId ?? id)}`)
}

function lines(saga: SagaView): string[] {
  const { sagaId, sentence, why, beganAt, traceIds, parts, timeline } = saga
  return [
    sentence,
    '',
    `saga      ${sagaId}`,
    `state     ${stateText(saga)}${saga.isCompensating ? ', undoing' : ''}`,
    ...(why ? [`cause     ${why.cause}${why.responsible ? `, ${why.responsible} has to act` : ''}`] : []),
    `began     ${time(beganAt)}`,
    ...traceIds.map((traceId) => `trace     ${traceId}`),
    '',
    ...parts.flatMap(partLines),
    '',
    ...timeline.map(stepLine),
  ]
}

function partLines({
  participant,
  state,
  version,
  waitsFor,
  timers,
  effects,
  deferred,
  held,
}: PartView): string[] {
  const until = waitsFor.until ? ` until ${time(waitsFor.until)}` : ''
  return [
    `${participant.padEnd(9)} ${state ?? '(not started)'}  (version ${version})`,
    ...(waitsFor.events.length > 0 ? [`  waits for ${waitsFor.events.join(' or ')}${until}`] : []),
    ...timers.map(({ name, dueAt }) => `  timer ${name} due ${time(dueAt)}`),
    ...effects.map(
      ({ id, attempt, notBefore, error }) =>
        `  effect ${id}, attempt ${attempt}, not before ${time(notBefore)}${error ? `; the last one failed: ${error}` : ''}`,
    ),
    ...deferred.map(({ type, at }) => `  keeps ${type} for later, since ${time(at)}`),
    ...held.map(({ code, reason, at }) => `  held since ${time(at)}: ${code}, ${reason}`),
  ]
}

/** Event in, state, events out. */
function stepLine({ at, participant, cause, outcome, before, after, emitted }: StepView): string {
  const state = before === after ? (after ?? '–') : `${before ?? '–'} → ${after ?? '–'}`
  const said = emitted.length > 0 ? `  says ${emitted.map(({ type }) => type).join(', ')}` : ''
  const asked = cause.by === undefined ? '' : ` by ${cause.by}`
  const failed = cause.error ? ` (${cause.error})` : ''
  const how = outcome === 'applied' ? '' : `${outcome}: `
  return `${time(at)}  ${participant.padEnd(9)} ${how}${cause.name}${asked}${failed}  ${state}${said}`
}

/** To the millisecond, in UTC. */
const time = (iso: string): string => iso.replace('T', ' ')
