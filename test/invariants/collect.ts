import { topics } from '#contracts'
import type { Broker, Codec } from '#messaging'
import { definitionsTopic, type Story, stepsTopic } from '#orchestration'
import type { Shop } from '../../scripts/shop/shop.ts'
import type { Entry } from '../../services/sandbox/ledger.ts'
import type { Evidence, Journal, Name, RunFacts, SeenPartition, SeenRecord } from './evidence.ts'
import { names, parts } from './parts.ts'
import { type Positions, readTopics } from './read-topics.ts'
import { seenRecord } from './seen-record.ts'
import { storedEvidence } from './stored-evidence.ts'

/** Which sagas count. */
export type Sagas = (sagaId: string) => boolean

/** Where the evidence lies. */
export type Sources = {
  readonly broker: Broker
  readonly codec: Codec
  /** Everything that a participant has stored of these sagas, rows without a head too. Default: of all. */
  journal(name: Name, sagas?: Sagas): Promise<Journal>
  /** What the tracker tells of these sagas, default of all; null when none runs. */
  stories(sagas?: Sagas): Promise<readonly Story[] | null>
  ledger(): Promise<readonly Entry[]>
  /** By the clock of the services. */
  now(): number
}

export type CollectOptions = {
  /** The first offsets that belong to this run, on servers that others have used before: `endsOf` tells. Default: all of them. */
  readonly from?: Positions
  /** The sagas to judge, when there are too many to hold all that was said of them. Default: every one. */
  readonly sagas?: Sagas
}

/**
 * Reads all that a shop has left behind, while it stands still. For tens of thousands of orders this takes tens of seconds and
 * about a gigabyte. Rejects when a server does not answer.
 */
export async function collectEvidence(
  shop: Shop,
  run: RunFacts,
  options: CollectOptions = {},
): Promise<Evidence> {
  return await gather(await sourcesOf(shop), run, options)
}

/** A shop on real servers, as a source. Rejects for one that keeps everything in its own process. */
export async function sourcesOf({ addresses, infrastructure }: Shop): Promise<Sources> {
  const { broker, codec, database } = infrastructure
  if (!database) throw new Error('evidence is read from real servers; this shop has none')
  const { journal, stories } = storedEvidence(database)
  return {
    broker,
    codec,
    journal,
    stories: async (sagas) => (addresses.tracker ? await stories(sagas) : null),
    async ledger() {
      const response = await fetch(`${addresses.sandbox}/ledger`, { signal: AbortSignal.timeout(60_000) })
      return (await response.json()) as Entry[]
    },
    now: Date.now,
  }
}

/** One source after the other: two cores hold the services too. */
export async function gather(
  sources: Sources,
  run: RunFacts,
  { from, sagas = () => true }: CollectOptions = {},
): Promise<Evidence> {
  const groups = await committed(sources.broker)
  const records = await recordsOf(sources, sagas, from)
  const journals = {} as Record<Name, Journal>
  for (const name of names) journals[name] = await sources.journal(name, sagas)
  const stories = await sources.stories(sagas)
  return {
    run,
    collectedAt: sources.now(),
    records,
    journals,
    groups,
    stories: from && stories ? spokenOfIn(records, stories) : stories,
    ledger: (await sources.ledger()).filter(({ orderId }) => sagas(orderId)),
  }
}

/** A tracker reads on where the one before it stopped: what it was told of an earlier run is not this one's. */
function spokenOfIn(records: readonly SeenRecord[], stories: readonly Story[]): readonly Story[] {
  const spokenOf = new Set(records.map(({ key }) => key))
  return stories.filter(({ sagaId }) => spokenOf.has(sagaId))
}

/** Every topic that tells of sagas. */
export const runTopics = topics.map(({ name }) => name).filter((name) => name !== definitionsTopic)

async function recordsOf(
  { broker, codec }: Sources,
  sagas: Sagas,
  from?: Positions,
): Promise<readonly SeenRecord[]> {
  const seen: SeenRecord[] = []
  async function keep(records: Parameters<Parameters<typeof readTopics>[2]>[0]): Promise<void> {
    for (const record of records)
      if (record.key === null || sagas(record.key)) seen.push(await seenRecord(record, codec))
  }
  await readTopics(broker, runTopics, keep, from)
  return seen
}

/** How far each consumer group is: the participants', and the tracker's. */
export async function committed(broker: Broker): Promise<Record<string, readonly SeenPartition[]>> {
  const admin = await broker.admin()
  const read = async (group: string, of: readonly string[]) =>
    (await admin.lag(group, of)).partitions.map(({ topic, partition, committed, end, lag }) => ({
      topic,
      partition,
      committed: committed === null ? null : Number(committed),
      end: Number(end),
      lag: Number(lag),
    }))
  try {
    const groups: Record<string, readonly SeenPartition[]> = {}
    for (const name of names) groups[name] = await read(name, parts[name].topics)
    groups.tracker = await read('tracker', [stepsTopic])
    return groups
  } finally {
    await admin.close()
  }
}

/** Records that these consumer groups, the participants' and the tracker's, have still to handle. */
export async function unread(
  broker: Broker,
  groups: readonly string[] = [...names, 'tracker'],
): Promise<number> {
  const positions = await committed(broker)
  return groups.flatMap((group) => positions[group] ?? []).reduce((sum, { lag }) => sum + lag, 0)
}
