import { type Broker, deadLetterTopic } from '#messaging'
import { type Letters, letterFold } from './letters.ts'

/** The dead letters of all groups as they come in, without their values. */
export type FollowedLetters = {
  /** Newest last. The same object until something changes. */
  letters(): Letters
  close(): Promise<void>
}

/** Reads the dead letters of these groups that there are, and those to come. Groups without a topic have none. */
export async function followLetters(options: {
  readonly broker: Pick<Broker, 'consume' | 'admin'>
  readonly groups: readonly string[]
  /** There are new letters, or something became of old ones. */
  readonly onChange: () => void
  readonly onFatal: (error: Error) => void
}): Promise<FollowedLetters> {
  const { broker, groups, onChange, onFatal } = options
  const fold = letterFold()
  let known: Letters | undefined
  const letters = () => {
    known ??= fold.letters()
    return known
  }
  const topics = await existing(broker, groups.map(deadLetterTopic))
  if (topics.length === 0) return { letters, async close() {} }
  const consumer = await broker.consume({
    groupId: 'letters',
    topics,
    assignment: 'standalone',
    handler: {
      onRecords(records) {
        for (const record of records) fold.take(record)
        known = undefined
        onChange()
      },
      onFatal,
    },
  })
  return { letters, close: () => consumer.close() }
}

async function existing(
  broker: Pick<Broker, 'admin'>,
  topics: readonly string[],
): Promise<readonly string[]> {
  const admin = await broker.admin()
  try {
    return [...(await admin.partitions(topics)).keys()]
  } finally {
    await admin.close()
  }
}
