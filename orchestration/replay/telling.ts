import type { JournalRow, MachineState } from '../journal.ts'
import type { Participant } from '../participant.ts'

type Context = MachineState['context']

/**
 * What a row tells that is a function of the machine. Left out is what the process gave: its times, attempts and traces, and the deadlines
 * of effects.
 */
export function telling(row: JournalRow) {
  const { version, outcome, state, consumed, emitted, timers, effects, deferred, letters, held } = row
  return {
    version,
    outcome,
    state,
    emitted: emitted.map(({ id, type, data }) => ({ id, type, data })),
    timers: {
      started: timers.started.map(({ key, event, dueAt }) => ({ key, event, dueAt })),
      ended: timers.ended,
    },
    effects: {
      started: effects.started.map(({ key, src, input, idempotencyKey }) => ({
        key,
        src,
        input,
        idempotencyKey,
      })),
      ended: effects.ended,
    },
    consumed,
    deferred: deferred?.id,
    dropped: row.dropped,
    letters: letters?.map(({ id, code }) => ({ id, code })),
    held: held?.id,
    released: row.released,
  }
}

/**
 * A row, and what the newest version makes of it after a migration, in terms that both versions know: the recorded state is migrated as well, and
 * context that only one of them keeps is left out.
 */
export function tellingInBoth({ migrate }: Participant, recorded: JournalRow, found: JournalRow) {
  const { version, state } = recorded
  const migrated = state && (migrate[version]?.(state) ?? state)
  const both = (row: JournalRow, as: MachineState | null) => ({
    ...telling(row),
    version: undefined,
    state: as && state && { ...as, context: known(as.context, state.context) },
  })
  return [both(recorded, migrated), both(found, found.state)] as const
}

function known(context: Context, recorded: Context): Context {
  return Object.fromEntries(Object.entries(context).filter(([field]) => field in recorded))
}
