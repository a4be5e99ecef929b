import { contracts } from '#contracts'
import type { BrokerRecord } from '#messaging'
import { fold, type Head, type JournalRow, type Participant } from '#orchestration'
import { outcomeOf } from '../services/cast.ts'
import { amount, type Name, names, orderId, type World } from './crash-world.fixtures.ts'

/** Everything that is wrong with a world whose order has ended, as sentences. */
export async function audit(
  world: World,
  { ending, parts }: { ending: string; parts: Readonly<Record<Name, Participant>> },
): Promise<readonly string[]> {
  const found = [...world.broken].map((invariant) => `it did not always hold: ${invariant}`)
  const scene = world.scene()
  const outcome = outcomeOf(scene)
  if (outcome !== ending) found.push(`it ended as ${outcome}, not ${ending}: ${JSON.stringify(scene)}`)
  for (const name of names) {
    const lag = await world.lag(name)
    if (lag !== 0n) found.push(`${name} has a lag of ${lag}`)
    found.push(...journalFaults(name, world.rows[name]), ...messageFaults(name, world))
    found.push(...inboxFaults(parts[name], world))
    if (!(await headFits(name, world))) found.push(`the head of ${name} is not its folded journal`)
  }
  const dead = world.records.filter(({ topic }) => topic.endsWith('.dlt'))
  if (dead.length > 0) found.push(`${dead.length} records are in the dead letters`)
  return [...found, ...moneyFaults(world, outcome === 'delivered')]
}

function journalFaults(name: Name, rows: readonly JournalRow[]): string[] {
  const found: string[] = []
  if (rows.some((row, i) => row.seq !== i + 1)) found.push(`the journal of ${name} has a gap`)
  const causes = rows.filter(({ cause }) => cause.kind !== 'retry').map(({ cause }) => cause.id)
  const taken = rows.flatMap((row) => row.consumed.filter((id) => id !== row.deferred?.id))
  for (const id of repeated(causes)) found.push(`${name} has two rows for the cause ${id}`)
  for (const id of repeated(taken)) found.push(`${name} took in ${id} twice`)
  return found
}

/** What the journal says and what the broker holds are the same, in the same order when repetitions are left out. */
function messageFaults(name: Name, { rows, records }: World): string[] {
  const events = records.filter(({ topic }) => topic === `${name}.events`)
  const steps = records.filter(({ topic, headers }) => topic === 'saga.steps' && headers.ce_source === name)
  const emitted = rows[name].flatMap((row) => row.emitted.map(({ id }) => id))
  const stored = rows[name].map((row) => `${name}/${row._id}`)
  return [
    ...(idsOf(events).join() === emitted.join()
      ? []
      : [`${name}.events does not tell what its journal tells`]),
    ...(idsOf(steps).join() === stored.join() ? [] : [`saga.steps does not tell ${name}'s journal`]),
  ]
}

/** Nothing that was said to a participant is lost: each event has its row. */
function inboxFaults({ name, listensTo }: Participant, { rows, records }: World): string[] {
  const causes = new Set(rows[name as Name].map(({ cause }) => cause.id))
  const spoken = records.filter(({ topic, headers }) => {
    const type = headers.ce_type ?? ''
    return listensTo.has(type) && contracts.events[type as keyof typeof contracts.events].topic === topic
  })
  return idsOf(spoken)
    .filter((id) => !causes.has(id ?? ''))
    .map((id) => `${name} has no row for the event ${id}`)
}

async function headFits(name: Name, { stores }: World): Promise<boolean> {
  const [head] = await stores[name].readHeads([orderId])
  const journal = await stores[name].history(orderId)
  return JSON.stringify(head ?? null) === JSON.stringify(journal.reduce<Head | null>(fold, null))
}

function moneyFaults({ sandbox }: World, delivered: boolean): string[] {
  const found: string[] = []
  const entries = [...sandbox.ledger.entries()]
  const [balance] = [...sandbox.ledger.balances()]
  const kept = (balance?.captured ?? 0) - (balance?.refunded ?? 0)
  if (kept !== (delivered ? amount : 0)) found.push(`${kept} of ${amount} cents were kept`)
  if ((balance?.captured ?? 0) > amount) found.push(`${balance?.captured} cents were taken`)
  if ((balance?.deliveries ?? 0) !== (delivered ? 1 : 0))
    found.push(`${balance?.deliveries} parcels were sent`)
  for (const key of repeated(entries.map(({ idempotencyKey }) => idempotencyKey)))
    found.push(`${key} was charged twice`)
  return found
}

function idsOf(records: readonly BrokerRecord[]): (string | undefined)[] {
  return [...new Set(records.map(({ headers }) => headers.ce_id))]
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, i) => ids.indexOf(id) < i)
}
