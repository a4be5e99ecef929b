import type { Difference } from '../differences.ts'
import type { Head, JournalRow } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { decide } from '../step/step.ts'
import { adopted, programOf } from '../step/versions.ts'
import { type Heard, incomingOf } from './incoming.ts'

/**
 * The row that this participant makes of the same cause, after the same head; or what it does instead of making one; or, in words, why that
 * cannot be known.
 */
export function decideAgain(
  part: Participant,
  head: Head | null,
  row: JournalRow,
  heard: Heard,
): JournalRow | Difference | string {
  const incoming = incomingOf(row, heard)
  if (typeof incoming === 'string') return incoming
  const { sagaId, partition, at: now, attempt, trace } = row
  const context = { sagaId, partition, now, attempt, trace }
  try {
    const found = head?.state
      ? decide(part, adopted(part, head), incoming, context)
      : decide(asItWas(part, row), head, incoming, context)
    return typeof found === 'string' ? instead(row, found) : found
  } catch (error) {
    return instead(row, error instanceof Error ? error.message : String(error))
  }
}

function instead({ outcome }: JournalRow, found: string): Difference {
  return { path: 'outcome', expected: outcome, found }
}

/**
 * As the participant was when it wrote a row of a saga that was not started: of its version, and with the settings that the machine keeps in its
 * context under the same name, since those of today may be others.
 */
function asItWas(part: Participant, { version, state }: JournalRow): Participant {
  const kept = state?.context ?? {}
  const settings = Object.entries(part.input).map(([name, value]) => [
    name,
    name in kept ? kept[name] : value,
  ])
  const input = Object.fromEntries(settings)
  if (version === part.version) return { ...part, input }
  const program = programOf(part, version)
  const { state: initial } = program.start({ ...input, sagaId: '' })
  const startedBy = new Set([...part.listensTo].filter((type) => program.declares(initial, type)))
  return { ...part, version, input, startedBy }
}
