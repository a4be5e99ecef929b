import { randomUUID } from 'node:crypto'
import type {
  Admin,
  Broker,
  BrokerRecord,
  Consumer,
  ConsumerOptions,
  OutgoingMessage,
  Producer,
  TopicPartition,
} from './broker.ts'

const WAIT_MS = 15_000

/** A consumer in a test, with all that it was told. */
export type Reader = Consumer & {
  readonly groupId: string
  readonly records: BrokerRecord[]
  /** Every call of `onAssigned`, and how many records had come before it. */
  readonly assignments: { readonly partitions: readonly TopicPartition[]; readonly after: number }[]
  /** Partition numbers owned now, ascending. */
  owned(): readonly number[]
  values(): readonly string[]
}

/** A broker with what a test opens on it; `close` closes all of that. */
export type Testbed = {
  readonly admin: Admin
  readonly producer: Producer
  /** The topics that the test created, or will have. */
  readonly topics: string[]
  /** Creates a topic with a fresh name. */
  topic(partitions?: number): Promise<string>
  read(topics: readonly string[], options?: Partial<ConsumerOptions>): Promise<Reader>
  closeReaders(): Promise<void>
  close(): Promise<void>
}

export async function testbed(broker: Broker): Promise<Testbed> {
  const [admin, producer] = await Promise.all([broker.admin(), broker.producer()])
  const topics: string[] = []
  const readers: Reader[] = []

  async function closeReaders(): Promise<void> {
    await Promise.all(readers.splice(0).map((reader) => reader.close()))
  }

  return {
    admin,
    producer,
    topics,
    async topic(partitions = 4) {
      const name = `conformance.${randomUUID()}`
      await admin.createTopics([{ name, partitions }])
      topics.push(name)
      return name
    },
    async read(from, options) {
      const opened = await openReader(broker, from, options)
      readers.push(opened)
      return opened
    },
    closeReaders,
    async close() {
      await closeReaders()
      await Promise.all([producer.close(), admin.close()])
    },
  }
}

async function openReader(
  broker: Broker,
  topics: readonly string[],
  { handler, ...options }: Partial<ConsumerOptions> = {},
): Promise<Reader> {
  const records: BrokerRecord[] = []
  const assignments: { partitions: readonly TopicPartition[]; after: number }[] = []
  const groupId = options.groupId ?? `group.${randomUUID()}`
  const consumer = await broker.consume({
    assignment: 'co-partitioned',
    ...options,
    groupId,
    topics,
    handler: {
      ...handler,
      onRecords(fetched) {
        records.push(...fetched)
        handler?.onRecords(fetched)
      },
      onAssigned(partitions) {
        assignments.push({ partitions, after: records.length })
        handler?.onAssigned?.(partitions)
      },
    },
  })
  return {
    ...consumer,
    groupId,
    records,
    assignments,
    owned: () =>
      [...new Set(assignments.at(-1)?.partitions.map(({ partition }) => partition))].sort(ascending),
    values: () => records.map(({ value }) => String(value)),
  }
}

/** One message per value; the key is the value's text before the first dash. */
export function say(topic: string, values: readonly string[]): OutgoingMessage[] {
  return values.map((value) => ({
    topic,
    key: value.split('-', 1)[0] ?? value,
    value: Buffer.from(value),
    headers: {},
  }))
}

/** Waits until `met`, at most 15 seconds; `what` completes the sentence "waited in vain until …". */
export async function until(what: string, met: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WAIT_MS
  while (!(await met())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

function ascending(a: number, b: number): number {
  return a - b
}
