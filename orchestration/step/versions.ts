import { RetryableError } from '#messaging'
import type { Head, MachineState } from '../journal.ts'
import type { Program } from '../machine/program.ts'
import type { Participant } from '../participant.ts'

/** The program of a version. Rejects what this process does not know: it never guesses. */
export function programOf(part: Participant, version: string): Program {
  const program = part.programs.get(version)
  if (program) return program
  throw new RetryableError(
    `version "${version}" of "${part.name}" is not known here, which has ${[...part.programs.keys()].map((known) => `"${known}"`).join(', ')}: its sagas wait for a process that knows it`,
    { code: 'CHORUS_UNKNOWN_VERSION' },
  )
}

/**
 * A stored head as this participant goes on with it: as it is when its version is known, else as `migrate` makes it one of the newest
 * version. Throws a `RetryableError` for a version that is neither, and for a migration that would leave the saga without work
 * that its new state stands for.
 */
export function adopted(part: Participant, head: Head): Head {
  if (head.state === null || head.version === part.version) return head
  const migrate = part.migrate[head.version]
  if (!migrate) {
    programOf(part, head.version)
    return head
  }
  try {
    const state = migrate(head.state)
    demandWork(part, head, state)
    return { ...head, version: part.version, state }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new RetryableError(
      `saga ${head._id} waits: its state cannot be migrated from version "${head.version}" of "${part.name}": ${reason}`,
      { cause, code: 'CHORUS_NOT_MIGRATED' },
    )
  }
}

/** Timers and effects are started by entering a state, which a migration does not: what the state needs must be pending already. */
function demandWork(part: Participant, head: Head, state: MachineState): void {
  const pending = new Set([...head.timers.map(({ event }) => event), ...head.effects.map(({ id }) => id)])
  const missing = programOf(part, part.version)
    .work(state)
    .filter((work) => !pending.has(work))
  if (missing.length === 0) return
  throw new Error(
    `the new state stands for ${missing.join(', ')}, which was never started: migrate to the state that begins it, or to one that needs nothing`,
  )
}
