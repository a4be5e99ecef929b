import { randomUUID } from 'node:crypto'
import { contracts, topics } from '#contracts'
import { type BrokerRecord, deadLetter, type Headers } from '#messaging'
import {
  type Cause,
  fold,
  type Infrastructure,
  type JournalRow,
  memoryInfrastructure,
  systemClock,
} from '#orchestration'
import { active, aRow } from '../../orchestration/journal.fixtures.ts'
import { readSpans, spansOf } from '../../orchestration/operations/read-topics.ts'
import { chorus } from './program.ts'
import type { Surroundings } from './surroundings.ts'

/** What a command line gave. */
type Given = {
  readonly code: number
  /** Lines of stdout, read as JSON. */
  readonly values: readonly Record<string, unknown>[]
  readonly out: readonly string[]
  readonly err: string
}

type Failed = {
  readonly offset?: bigint
  readonly partition?: number
  readonly row?: string
  readonly at?: number
  readonly code?: string
}

/** A broker and a store in memory, and what an operator and the participants do there. */
export type Stage = {
  readonly infrastructure: Infrastructure
  /** Types this, as a program does; `person` is asked and reads text. */
  type(
    line: readonly string[],
    person?: { readonly answer: string },
    with_?: Partial<Surroundings>,
  ): Promise<Given>
  /** An order that cannot be handled is given up by this group; resolves with its letter's id. */
  giveUp(group: string, saga: string, failed?: Failed, value?: Buffer): Promise<string>
  /** A saga's part with so many rows. */
  begin(participant: string, saga: string, rows?: readonly Partial<JournalRow>[]): Promise<void>
  /** From now on the participant takes in what it is told, each id once. */
  take(participant: string, answer?: (record: BrokerRecord) => Partial<JournalRow>): Promise<void>
  records(topic: string): Promise<readonly BrokerRecord[]>
}

export const order = {
  customerId: 'c-1',
  items: [{ sku: 'MUG-1', quantity: 1, unitPrice: 1450 }],
  amount: 1450,
  currency: 'EUR',
  paymentToken: 'tok_ok',
  shipTo: { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' },
}

export async function stage(): Promise<Stage> {
  const infrastructure = { ...(await memoryInfrastructure(contracts, topics)), close: async () => {} }
  const { broker, codec } = infrastructure
  const producer = await broker.producer()

  async function insert(participant: string, row: JournalRow): Promise<void> {
    const store = await infrastructure.store(participant)
    const [head = null] = await store.readHeads([row.sagaId])
    await store.insertRows([row])
    await store.writeHeads([fold(head, row)])
  }

  return {
    infrastructure,
    async type(line, person, changed = {}) {
      const out: string[] = []
      const err: string[] = []
      const code = await chorus(line, {
        contracts,
        clock: systemClock,
        user: 'ada',
        connect: async () => infrastructure,
        addressOf: (name) => {
          throw new Error(`nobody gives the address of ${name}`)
        },
        runningShop: () => undefined,
        terminal: {
          out: (text) => void out.push(text),
          err: (text) => void err.push(text),
          progress() {},
          isRead: person !== undefined,
          canAsk: person !== undefined,
          colour: false,
          width: 200,
          ask: async (question) => {
            err.push(question)
            return person?.answer ?? ''
          },
        },
        ...changed,
      })
      const values =
        person || line.includes('--help') || line.includes('--plain')
          ? []
          : out.map((text) => JSON.parse(text))
      return { code, values, out, err: err.join('\n') }
    },
    async giveUp(
      group,
      saga,
      { offset = 0n, partition = 0, row, at = 0, code = 'CHORUS_MACHINE_THREW' } = {},
      value,
    ) {
      const event = {
        id: `e-${offset}`,
        type: 'OrderPlaced',
        source: 'order',
        sagaId: saga || 'x',
        time: 0,
        trace: { traceparent },
      }
      const message = codec.encode({ ...event, data: { ...order, orderId: event.sagaId } })
      const letter = deadLetter(
        { ...message, key: saga, partition, offset, ...(value && { value }) },
        { group, code, reason: 'it cannot be', at, ...(row && { row }) },
      )
      await producer.send([letter])
      return letter.headers.dlt_id ?? ''
    },
    async begin(participant, saga, rows = [{}]) {
      for (const [index, row] of rows.entries())
        await insert(participant, { ...aRow(saga, index + 1), ...row })
    },
    async take(participant, answer = () => ({})) {
      const store = await infrastructure.store(participant)
      async function takeIn(record: BrokerRecord): Promise<void> {
        const saga = record.key ?? ''
        const rows = await store.history(saga)
        const cause = causeOf(record)
        if (rows.some((row) => row.cause.id === cause.id)) return
        const row = { ...aRow(saga, rows.length + 1), cause, ...answer(record) }
        await insert(participant, row as JournalRow)
      }
      let last: Promise<unknown> = Promise.resolve()
      await broker.consume({
        groupId: randomUUID(),
        topics: [`${participant}.control`, `${participant}.commands`].filter((name) =>
          topics.some((topic) => topic.name === name),
        ),
        assignment: 'standalone',
        handler: {
          onRecords(records) {
            for (const record of records) last = last.then(() => takeIn(record))
          },
        },
      })
    },
    async records(topic) {
      const found: BrokerRecord[] = []
      const spans = await spansOf(broker, [topic])
      await readSpans({ broker, clock: systemClock, spans, onRecord: (record) => found.push(record) })
      return found
    },
  }
}

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

function causeOf({ headers }: BrokerRecord): Cause {
  const {
    control_id,
    control_command,
    control_by = '',
    control_reason = '',
    control_row,
  } = headers as Headers
  if (control_command === undefined)
    return {
      kind: 'event',
      id: headers.ce_id ?? '',
      type: headers.ce_type ?? '',
      source: headers.ce_source ?? '',
      time: 0,
      topic: '',
      partition: 0,
      offset: '0',
    }
  return {
    kind: 'command',
    id: control_id ?? '',
    command: control_command as never,
    by: control_by,
    reason: control_reason,
    ...(control_row && { row: control_row }),
  }
}

/** A row that ends a saga's part. */
export const finished = { state: { ...active('done'), status: 'done' as const } }
