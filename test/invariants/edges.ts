import { decide, differences, fold, type Head, incomingOf, type JournalRow, telling } from '#orchestration'
import { isDelivery } from '../../services/sandbox/ledger.ts'
import type { Check, Evidence, Violation } from './evidence.ts'
import { parts } from './parts.ts'
import { type StoredPart, type View, viewOf } from './view.ts'

const invariant = 'I6'

/** Each row is what the machine makes of its cause; what is shipped was paid before, what is given back was taken before. */
export const edges: Check = (evidence) => {
  const view = viewOf(evidence)
  return [...view.parts.flatMap((part) => stepsBesideTheMachine(part, view)), ...outOfOrder(evidence)]
}

function stepsBesideTheMachine(part: StoredPart, view: View): Violation[] {
  const { name, sagaId, rows } = part
  const found: Violation[] = []
  let head: Head | null = null
  for (const row of rows) {
    const difference = differs(part, head, row, view)
    if (difference)
      found.push({ invariant, sagaId, says: `${name} took ${nameOf(row)} in row ${row.seq}: ${difference}` })
    head = fold(head, row)
  }
  return found
}

/** How the row differs from what the machine makes of its cause. What a redrive brings back is not judged here. */
function differs({ name }: StoredPart, head: Head | null, row: JournalRow, view: View): string | undefined {
  const unheard = misheard(row, view)
  if (unheard) return unheard
  const incoming = incomingOf(row, view.dataOf)
  if (typeof incoming === 'string') return undefined
  const { sagaId, partition, at: now, attempt, trace } = row
  // What a machine was started with is told by its context only, and every version is held to the machine of today.
  const version = head?.version ?? row.version
  const part = {
    ...parts[name],
    version,
    programs: new Map([...parts[name].programs.values()].map((program) => [version, program])),
    input: head?.state ? {} : (row.state?.context ?? {}),
  }
  try {
    const decision = decide(part, head, incoming, { sagaId, partition, now, attempt, trace })
    if (typeof decision === 'string') return `for the machine, that is ${decision}`
    return difference(row, decision)
  } catch (error) {
    return `the machine refuses it: ${error instanceof Error ? error.message : error}`
  }
}

/** What was taken in is what was said. */
function misheard({ cause }: JournalRow, { said, dataOf }: View): string | undefined {
  if (cause.kind !== 'event') return undefined
  const [record] = said.get(cause.id) ?? []
  if (!record || !dataOf(cause.id)) return `nobody ever said ${cause.id}`
  return record.type === cause.type ? undefined : `it was said as ${record.type}`
}

/** The first place in which a row is not what the machine makes of its cause. */
function difference(row: JournalRow, decision: JournalRow): string | undefined {
  const [first] = differences(withoutVersion(decision), withoutVersion(row))
  return (
    first &&
    `${first.path} is ${JSON.stringify(first.found)}, and the machine says ${JSON.stringify(first.expected)}`
  )
}

/** A saga may have been migrated meanwhile. */
function withoutVersion(row: JournalRow) {
  return { ...telling(row), version: undefined }
}

function nameOf({ cause }: JournalRow): string {
  return cause.kind === 'event' ? cause.type : `${cause.kind} ${cause.id}`
}

/** The ledger keeps the order in which things happened outside. */
function outOfOrder({ ledger }: Evidence): Violation[] {
  const captured = new Set<string>()
  return ledger.flatMap((entry) => {
    const { kind, orderId, amount } = entry
    if (kind === 'capture' && amount > 0) captured.add(orderId)
    if (captured.has(orderId)) return []
    const wrong = (says: string) => [{ invariant, sagaId: orderId, says }]
    if (isDelivery(entry)) return wrong('a parcel went out before any money was captured')
    if (kind === 'refund' && amount > 0) return wrong('money was refunded before any was captured')
    return []
  })
}
