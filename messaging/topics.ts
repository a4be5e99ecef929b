import type { TopicSpec } from './broker.ts'
import { TerminalError } from './errors.ts'

/**
 * The topics among `specs` that do not exist yet. Throws a `TerminalError` when one exists with another number of partitions:
 * changing it would move keys to other partitions.
 */
export function missingTopics(
  specs: readonly TopicSpec[],
  existing: ReadonlyMap<string, number>,
): readonly TopicSpec[] {
  return specs.filter(({ name, partitions }) => {
    const count = existing.get(name)
    if (count !== undefined && count !== partitions) {
      throw new TerminalError(`Topic ${name} has ${count} partitions, but ${partitions} are asked for.`, {
        code: 'CHORUS_PARTITIONS_DIFFER',
      })
    }
    return count === undefined
  })
}

/** Throws a `TerminalError` that names the topics which do not exist. */
export function demandTopics(topics: readonly string[], existing: ReadonlyMap<string, number>): void {
  const missing = topics.filter((topic) => !existing.has(topic))
  if (missing.length > 0) {
    throw new TerminalError(
      `Topic ${missing.join(', ')} does not exist. Create the topics before starting a consumer.`,
      { code: 'CHORUS_TOPIC_MISSING' },
    )
  }
}

/**
 * The one number of partitions that all topics have. Throws a `TerminalError` that names topics and numbers when one is
 * missing or they differ: partition p would not hold the same keys in each.
 */
export function commonPartitions(topics: readonly string[], existing: ReadonlyMap<string, number>): number {
  demandTopics(topics, existing)
  const [common = 0, ...others] = new Set(topics.map((topic) => existing.get(topic)))
  if (others.length > 0) {
    const listed = topics.map((topic) => `${topic} has ${existing.get(topic)}`).join(', ')
    throw new TerminalError(
      `Topics that are consumed together need the same number of partitions, but ${listed}. ` +
        'Recreate the ones that differ while nothing is in flight.',
      { code: 'CHORUS_PARTITIONS_DIFFER' },
    )
  }
  return common
}
