import type { AnyStateMachine } from 'xstate'
import { type Participant, type ParticipantOptions, participant } from '../participant.ts'

/** The one saga of a test: what the machine gets as `sagaId`. */
export const sagaId = 'saga-1'

/** What is tested: a participant, or a plain machine with what makes it one. The work of its effects is not needed. */
export type Subject<Machine extends AnyStateMachine = AnyStateMachine> =
  | (Participant & { readonly machine: Machine })
  | Plain<Machine>

type Plain<Machine extends AnyStateMachine> = Pick<
  ParticipantOptions<Machine>,
  'name' | 'machine' | 'contracts' | 'input'
>

const made = new WeakMap<object, Participant>()

/** The subject as a participant. Throws for a machine that cannot be made durable, as `participant` does. */
export function participantOf(subject: Subject): Participant {
  if ('programs' in subject) return subject
  const part = made.get(subject) ?? withoutWork(subject)
  made.set(subject, part)
  return part
}

function withoutWork(plain: Plain<AnyStateMachine>): Participant {
  const actors = Object.keys(plain.machine.implementations.actors)
  const effects = Object.fromEntries(actors.map((actor) => [actor, { run: unperformed }]))
  return participant({ ...plain, version: 'in a test', effects })
}

async function unperformed(): Promise<never> {
  throw new Error('a test answers for the effects')
}
