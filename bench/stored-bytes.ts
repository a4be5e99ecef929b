import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Bytes on disk, by what they belong to. */
export type StoredBytes = {
  /** Topic → its log segments, one copy. */
  readonly topics: Readonly<Record<string, number>>
  /** All files of the store, its own log among them. */
  readonly store: number
}

/** What the servers of this data folder have on their disks. */
export function storedBytes(dataFolder: string): StoredBytes {
  const topics: Record<string, number> = {}
  for (const { path, bytes } of filesIn(join(dataFolder, 'kafka', 'log'))) {
    // What is not a partition's folder, `<topic>-<number>`, is the broker's own; its indexes are made long in advance.
    const topic = /^(.+)-\d+$/.exec(basename(dirname(path)))?.[1]
    if (topic && !topic.startsWith('__') && path.endsWith('.log'))
      topics[topic] = (topics[topic] ?? 0) + bytes
  }
  const store = filesIn(join(dataFolder, 'store')).reduce((sum, { bytes }) => sum + bytes, 0)
  return { topics, store }
}

function filesIn(folder: string): { path: string; bytes: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, bytes: statSync(path, { throwIfNoEntry: false })?.size ?? 0 }))
}

/** What each order has added. */
export function perOrder(before: StoredBytes, after: StoredBytes, orders: number): StoredBytes {
  const topics = Object.entries(after.topics).map(([topic, bytes]) => [
    topic,
    (bytes - (before.topics[topic] ?? 0)) / orders,
  ])
  return { topics: Object.fromEntries(topics), store: (after.store - before.store) / orders }
}
