import { heardIn, type JournalRow, type Participant } from '#orchestration'
import { story } from '#orchestration/testing'
import { usually, type Ways } from './ways.ts'

/**
 * Plays every way once, in memory, and returns the journals by participant. `sagaPrefix` keeps the sagas of one recording apart from those of
 * another. Each cause keeps what its event said, so that a journal can be replayed without those of the others.
 */
export function recordJournals(
  participants: readonly Participant[],
  ways: (orderId: string) => Ways,
  sagaPrefix: string,
): ReadonlyMap<string, readonly JournalRow[]> {
  const recorded = new Map<string, JournalRow[]>(participants.map(({ name }) => [name, []]))
  for (const name of Object.keys(ways(''))) {
    const sagaId = `${sagaPrefix}-${name}`
    const { effects, happenings = [] } = ways(sagaId)[name] ?? {}
    const journals = story({ participants, effects: { ...usually, ...effects }, sagaId })
      .when(...happenings)
      .journals()
    const heard = heardIn(Object.values(journals).flat())
    for (const [name, rows] of Object.entries(journals))
      recorded.get(name)?.push(...rows.map((row) => withWords(row, heard)))
  }
  return recorded
}

function withWords(row: JournalRow, heard: ReturnType<typeof heardIn>): JournalRow {
  const { cause } = row
  const data = cause.kind === 'event' ? heard(cause.id) : undefined
  return cause.kind === 'event' && data ? { ...row, cause: { ...cause, data } } : row
}
