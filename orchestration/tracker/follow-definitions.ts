import type { Broker, BrokerRecord } from '#messaging'
import type { Logger } from '#observability'
import type { Clock } from '../clock.ts'
import { definitionsTopic, type SagaDefinition } from '../saga-steps.ts'
import { type DefinitionBook, type Definitions, definitionBook } from './definitions.ts'

/** Longest wait for the definitions that were there at the start; without them only the words are poorer. */
const catchUpLimit = 10_000

/** Reads every definition ever published, and those to come. Resolves when it knows all that were there when it started. */
export async function followDefinitions(options: {
  readonly broker: Pick<Broker, 'consume' | 'admin'>
  readonly group: string
  readonly log: Logger
  readonly clock: Clock
  readonly onFatal: (error: Error) => void
}): Promise<{ readonly definitions: Definitions; close(): Promise<void> }> {
  const { broker, group, log, clock, onFatal } = options
  const definitions = definitionBook()
  const missing = await ends(broker, group)
  const caughtUp = Promise.withResolvers<boolean>()
  if (missing.size === 0) caughtUp.resolve(true)

  function onRecords(records: readonly BrokerRecord[]): void {
    for (const record of records) {
      add(definitions, record, log)
      const end = missing.get(record.partition)
      if (end !== undefined && record.offset + 1n >= end) missing.delete(record.partition)
    }
    if (missing.size === 0) caughtUp.resolve(true)
  }

  const consumer = await broker.consume({
    groupId: `${group}-definitions`,
    topics: [definitionsTopic],
    assignment: 'standalone',
    handler: { onRecords, onFatal },
  })
  const cancel = clock.schedule(catchUpLimit, () => caughtUp.resolve(false))
  if (!(await caughtUp.promise))
    log.warn(`not all definitions came within ${catchUpLimit} ms; sagas are told without them for now`)
  cancel()
  return { definitions, close: () => consumer.close() }
}

/** Where each partition that holds something ends now. */
async function ends(broker: Pick<Broker, 'admin'>, group: string): Promise<Map<number, bigint>> {
  const admin = await broker.admin()
  try {
    const { partitions } = await admin.lag(group, [definitionsTopic])
    return new Map(partitions.filter(({ end }) => end > 0n).map(({ partition, end }) => [partition, end]))
  } finally {
    await admin.close()
  }
}

function add(definitions: DefinitionBook, { value, offset }: BrokerRecord, log: Logger): void {
  try {
    const definition = JSON.parse(String(value)) as SagaDefinition
    if (!Array.isArray(definition?.listensTo)) throw new TypeError('it does not say what it listens to')
    definitions.add(definition)
  } catch (error) {
    log.error('a record is not a definition and is left out', {
      topic: definitionsTopic,
      offset: String(offset),
      error: String(error),
    })
  }
}
