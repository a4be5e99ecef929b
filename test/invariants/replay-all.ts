import { createHash } from 'node:crypto'
import type { BrokerRecord } from '#messaging'
import type { Shop } from '../../scripts/shop/shop.ts'
import { runTopics, type Sources, sourcesOf, unread } from './collect.ts'
import type { Footprint, Replay } from './evidence.ts'
import { names } from './parts.ts'
import { type Positions, readTopics } from './read-topics.ts'

/** What is read by those who might change something: all but the dead letters. */
const replayed = runTopics.filter((name) => !name.endsWith('.dlt'))

/**
 * Says every record of every topic again, in the order of each partition, and waits until everybody has read them. For a shop that has
 * come to rest. Rejects when some group's lag stays for `limitMs` (default 60,000), before or after.
 */
export async function replayAll(shop: Shop, options: ReplayOptions = {}): Promise<Replay> {
  return await replayInto(await sourcesOf(shop), options)
}

export type ReplayOptions = {
  /** The first offsets to replay; default: all that are held. */
  readonly from?: Positions
  readonly limitMs?: number
  /** Between two looks at the lag; default: 100 ms. */
  readonly pause?: () => Promise<void>
}

export async function replayInto(
  sources: Sources,
  { from, limitMs = 60_000, pause = () => wait(100) }: ReplayOptions = {},
): Promise<Replay> {
  await caughtUp(sources, { limitMs, pause })
  const before = await footprint(sources)
  const records = await sayAgain(sources, from)
  await caughtUp(sources, { limitMs, pause })
  return { records, before, after: await footprint(sources) }
}

async function sayAgain({ broker }: Sources, from?: Positions): Promise<number> {
  const producer = await broker.producer()
  let said = 0
  async function say(records: readonly BrokerRecord[]): Promise<void> {
    if (records.length === 0) return
    await producer.send(
      records.map(({ topic, key, value, headers }) => ({ topic, key: key ?? '', value, headers })),
    )
    said += records.length
  }
  try {
    await readTopics(broker, replayed, say, from)
    return said
  } finally {
    await producer.close()
  }
}

async function caughtUp(
  { broker }: Sources,
  { limitMs, pause }: Required<Pick<ReplayOptions, 'limitMs' | 'pause'>>,
): Promise<void> {
  let least = Number.POSITIVE_INFINITY
  let since = performance.now()
  for (;;) {
    const lag = await unread(broker)
    if (lag === 0) return
    if (lag < least) since = performance.now()
    least = Math.min(least, lag)
    if (performance.now() - since > limitMs)
      throw new Error(`a lag of ${lag} records stays for more than ${limitMs} ms`)
    await pause()
  }
}

async function footprint({ journal, stories, ledger }: Sources): Promise<Footprint> {
  const rows: Record<string, number> = {}
  const heads: Record<string, string> = {}
  for (const name of names) {
    const { rows: stored, heads: published } = await journal(name)
    for (const { sagaId } of stored) rows[`${name}/${sagaId}`] = (rows[`${name}/${sagaId}`] ?? 0) + 1
    for (const head of published) heads[`${name}/${head._id}`] = hash(JSON.stringify(head))
  }
  return {
    rows,
    heads,
    stories: Object.fromEntries(((await stories()) ?? []).map(({ sagaId, revision }) => [sagaId, revision])),
    ledgerEntries: (await ledger()).length,
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('base64')
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
