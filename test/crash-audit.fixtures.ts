import { amount } from '../scripts/shop/example-order.ts'
import { codec, type names, orderId, type World } from './crash-world.fixtures.ts'
import { committed } from './invariants/collect.ts'
import { checkInvariants, type Evidence } from './invariants/index.ts'
import { seenRecord } from './invariants/seen-record.ts'

/** Those of a whole run that one order alone can be held to: nothing is replayed, traced or planned. */
const only = ['I1', 'I2', 'I3', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10']

/** Everything that is wrong with a world whose order has ended, as sentences. */
export async function audit(world: World, { ending }: { ending: string }): Promise<readonly string[]> {
  const dead = world.records.filter(({ topic }) => topic.endsWith('.dlt'))
  return [
    ...[...world.broken].map((invariant) => `it did not always hold: ${invariant}`),
    ...(dead.length > 0 ? [`${dead.length} records are in the dead letters`] : []),
    ...checkInvariants(await evidenceOf(world, ending), { only }).map(({ says }) => says),
  ]
}

async function evidenceOf(world: World, ending: string): Promise<Evidence> {
  const journal = async (name: (typeof names)[number]) => ({
    rows: world.rows[name],
    heads: await world.stores[name].readHeads([orderId]),
  })
  return {
    run: {
      orders: [{ orderId, acceptedAt: 0, amount, path: ending, endings: [ending] }],
      paths: [],
      faults: [],
      withKills: true,
      calmSince: Date.now(),
      limitMs: 60_000,
      spans: null,
      replay: null,
    },
    collectedAt: world.clock.now(),
    records: await Promise.all(world.records.map((record) => seenRecord(record, codec))),
    journals: {
      order: await journal('order'),
      payment: await journal('payment'),
      shipping: await journal('shipping'),
    },
    groups: await committed(world.broker),
    stories: null,
    ledger: [...world.sandbox.ledger.entries()],
  }
}
