import type { SagaSummary, StreamEvent } from '../../../services/tracker/api.ts'
import type { Telling } from '../output.ts'
import type { Tracker } from '../tracker.ts'
import { stateText } from './view.ts'

/** Sagas that are told of after one event; of the others it is told how many they are. */
const most = 20

/** Tells of each saga whenever it goes on, until Ctrl-C; of one saga, until it has ended. */
export async function tailSagas(
  tracker: Tracker,
  sagaId: string | undefined,
  { output, terminal }: Telling,
): Promise<number> {
  const done = new AbortController()
  const told = new Map<string, string>()

  async function tell(id: string): Promise<void> {
    const saga = await tracker.get<SagaSummary>(`/sagas/${encodeURIComponent(id)}`)
    if (told.get(id) === saga.at) return
    told.set(id, saga.at)
    const { timeline: _, parts: __, context: ___, ...summary } = saga as SagaSummary & Record<string, unknown>
    const mark = saga.state === 'ended' ? 'done' : saga.why?.isStuck ? 'failed' : 'waits'
    output.result(summary, mark, `${saga.at}  ${id}  ${stateText(saga)}: ${saga.sentence}`)
    if (saga.state !== 'ended') return
    told.delete(id)
    if (id === sagaId) done.abort()
  }

  const stop = () => done.abort()
  process.once('SIGINT', stop)
  try {
    if (sagaId !== undefined) await tell(sagaId)
    for await (const event of tracker.follow(done.signal)) {
      const ids = concerned(event, sagaId)
      for (const id of ids.slice(0, most)) await tell(id)
      if (ids.length > most) terminal.err(`… and ${ids.length - most} more`)
      if (done.signal.aborted) break
    }
  } catch (error) {
    if (!done.signal.aborted) throw error
  } finally {
    process.off('SIGINT', stop)
  }
  return 0
}

function concerned(event: StreamEvent, sagaId: string | undefined): readonly string[] {
  if (sagaId === undefined) return event.type === 'sagas' ? event.sagaIds : []
  if (event.type === 'reset') return [sagaId]
  return event.type === 'sagas' && (event.isPartial || event.sagaIds.includes(sagaId)) ? [sagaId] : []
}
