/**
 * The invariants of a whole run: what the servers hold afterwards, read from outside, decides whether anything was lost, doubled or
 * stuck. `collectEvidence` reads it all, `checkInvariants` judges it.
 */
import { coverage } from './coverage.ts'
import { deadLetters } from './dead-letters.ts'
import { edges } from './edges.ts'
import { endings } from './endings.ts'
import type { Check, Evidence, Violation } from './evidence.ts'
import { journal } from './journal.ts'
import { money } from './money.ts'
import { offsets } from './offsets.ts'
import { outbox } from './outbox.ts'
import { replay } from './replay.ts'
import { timers } from './timers.ts'
import { traces } from './traces.ts'
import { views } from './views.ts'

export { collectEvidence, runTopics } from './collect.ts'
export type * from './evidence.ts'
export { endsOf, type Positions } from './read-topics.ts'
export { replayAll } from './replay-all.ts'
export { seenSpans } from './seen-spans.ts'

type Invariant = { readonly id: string; readonly title: string; readonly check: Check }

/** Every invariant, by its number in the list that all runs are held to. */
export const runInvariants: readonly Invariant[] = [
  { id: 'I1', title: 'captured minus refunded is what is owed, and nothing happens twice', check: money },
  { id: 'I2', title: 'every order ends in one declared outcome, in time', check: endings },
  { id: 'I3', title: 'what the journals say was said is in Kafka, and nothing else', check: outbox },
  { id: 'I4', title: 'replaying all topics changes nothing', check: replay },
  { id: 'I5', title: 'rows have no gap, and no cause is taken in twice', check: journal },
  { id: 'I6', title: 'only steps of the machines occur; shipped only when paid', check: edges },
  { id: 'I7', title: 'the journal, the head and the tracker tell the same', check: views },
  { id: 'I8', title: 'what could not be handled is in the dead letters, once', check: deadLetters },
  { id: 'I9', title: 'no lag is left, and nothing was committed before it was handled', check: offsets },
  { id: 'I10', title: 'timers fire once and not early', check: timers },
  { id: 'I11', title: 'each order is one trace, and no span is an orphan', check: traces },
  { id: 'I12', title: 'every fault came and every path was taken', check: coverage },
]

/** Everything that is wrong, in the order of the invariants. `only`: the ids of those to check. */
export function checkInvariants(
  evidence: Evidence,
  { only }: { readonly only?: readonly string[] } = {},
): Violation[] {
  return runInvariants.filter(({ id }) => only?.includes(id) ?? true).flatMap(({ check }) => check(evidence))
}
