import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import kafkajs, { type Producer } from 'kafkajs'
import { contracts, topics } from '#contracts'
import {
  type Broker,
  type BrokerRecord,
  type Codec,
  createCodec,
  kafkaBroker,
  kafkaConfigFromEnvironment,
  partitionOf,
  registryConfigFromEnvironment,
  restRegistry,
  restRegistryAdmin,
} from '#messaging'
import { withSnappy } from '../messaging/kafka/snappy.fixtures.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder, scenarios } from '../scripts/shop/scenarios.ts'
import { type BadSchemas, badlyMeant, corpus, good, type Poison } from './poison-corpus.fixtures.ts'
import { eventually, startRealShop } from './shop.ts'

const heapMegabytes = 128
const largest = 16 * 1024 * 1024
const events = 'order.events'
const partitions = topics.find(({ name }) => name === events)?.partitions ?? 0
const environment = process.env

type Sent = {
  readonly poison: Poison
  readonly place: string
  readonly key: string
  readonly value: Buffer | null
}

describe(`payment, with a heap of ${heapMegabytes} MB, and every way of being unreadable that we know`, () => {
  const closing: { close(): Promise<void> }[] = []
  let shop: ShopOfProcesses
  let broker: Broker
  let codec: Codec
  let pid: number | undefined
  let letters: readonly BrokerRecord[]
  let sent: readonly Sent[]
  /** Milliseconds from the last poison until a good order behind it was handled, by partition. */
  let moved: readonly number[]

  beforeAll(async () => {
    shop = await startRealShop({
      withTracker: false,
      environment: { NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}` },
    })
    broker = kafkaBroker(kafkaConfigFromEnvironment(environment))
    codec = await createCodec({
      contracts,
      registry: restRegistry(registryConfigFromEnvironment(environment)),
    })
    pid = shop.pid('payment')
    letters = await listen('payment.dlt')
    const ids = await register()

    await allowUpTo(largest)
    sent = await sendAll(codec, corpus(codec, ids))
    const began = performance.now()
    const orders = await placeInEachPartition()
    const store = await shop.infrastructure.store('payment')
    const handled = new Map<string, number>()
    await eventually(async () => {
      for (const { _id } of await store.readHeads(orders))
        handled.set(_id, handled.get(_id) ?? performance.now() - began)
      expect(orders.filter((orderId) => !handled.has(orderId))).toEqual([])
    }, 60_000)
    moved = [...handled.values()]
    await untilAllIsCommitted()
    const awaited = sent.filter(({ poison }) => poison.code !== null)
    await eventually(async () =>
      expect(awaited.filter(({ place }) => lettersOf(place).length === 0)).toEqual([]),
    )
    const slowest = Math.round(Math.max(...moved))
    process.stdout.write(
      `${sent.length} poisons: every partition has moved on after ${slowest} ms; ${memoryOf(pid)}\n`,
    )
  }, 180_000)

  afterAll(async () => {
    await allowUpTo()
    await Promise.all(closing.map((opened) => opened.close()))
    await shop?.stop()
  }, 60_000)

  async function listen(topic: string): Promise<readonly BrokerRecord[]> {
    const heard: BrokerRecord[] = []
    const onRecords = (records: readonly BrokerRecord[]) => void heard.push(...records)
    const options = {
      groupId: 'test',
      topics: [topic],
      assignment: 'standalone',
      handler: { onRecords },
    } as const
    closing.push(await broker.consume({ ...options, startFrom: 'latest' }))
    return heard
  }

  /** 12 orders, one for each partition, behind all of the poison. */
  async function placeInEachPartition(): Promise<readonly string[]> {
    const orders = Array.from({ length: partitions }, (_, partition) => {
      for (;;) {
        const orderId = `good-${randomUUID()}`
        if (partitionOf(orderId, partitions) === partition) return orderId
      }
    })
    const producer = await broker.producer()
    closing.push(producer)
    await producer.send(orders.map((orderId) => good(codec, orderId)))
    return orders
  }

  async function untilAllIsCommitted(): Promise<void> {
    const admin = await broker.admin()
    closing.push(admin)
    await eventually(async () => {
      const { partitions: lags } = await admin.lag('payment', [events, 'payment.control'])
      expect(lags.filter(({ lag }) => lag > 0n)).toEqual([])
    }, 30_000)
  }

  test('all are in the dead letters, under one id each, with why', () => {
    expect(sent.length).toBeGreaterThanOrEqual(60)
    const told = sent.map(({ poison: { name }, place }) => ({ name, codes: codesOf(lettersOf(place)) }))
    expect(told).toEqual(
      sent.map(({ poison: { name, code } }) => ({ name, codes: code === null ? [] : [code] })),
    )
  })

  test('a letter has the bytes, the key and the headers of its record', () => {
    for (const { poison, place, key, value } of sent) {
      const [letter] = lettersOf(place)
      if (!letter) continue
      const { name } = poison
      const tooLong = (value?.length ?? 0) > 4 * 1024 * 1024
      expect({ name, key: letter.key, bytes: letter.headers.dlt_bytes }).toEqual({
        name,
        key,
        bytes: String(value?.length ?? 0),
      })
      const same = tooLong
        ? letter.value === null
        : Buffer.compare(letter.value ?? empty, value ?? empty) === 0
      expect({ name, same }).toEqual({ name, same: true })
      const own = Object.entries(poison.headers ?? {}).filter(([header]) => !header.startsWith('dlt_'))
      for (const [header, text] of own)
        expect({ name, header, text: letter.headers[header] }).toEqual({ name, header, text: lastText(text) })
    }
  })

  test('every partition moves on within 5 seconds', () => {
    expect(moved).toHaveLength(partitions)
    expect(Math.max(...moved)).toBeLessThan(5_000)
  })

  test('the process is the same, and a customer notices nothing', async () => {
    const scenario = scenarios.find(({ name }) => name === 'delivered')
    if (!scenario) throw new Error('there is no such scenario')
    const orderId = await placeOrder(shop.addresses.order ?? '', scenario)
    expect(await endingOf(shop.addresses.order ?? '', orderId, 20_000)).toBe('delivered')
    expect(shop.pid('payment')).toBe(pid)
  }, 30_000)

  function lettersOf(place: string): readonly BrokerRecord[] {
    return letters.filter(({ headers }) => placeOf(headers) === place)
  }
})

const empty = Buffer.alloc(0)
/** A letter may be written twice: under the same id it is the same one. */
const codesOf = (found: readonly BrokerRecord[]) => [
  ...new Map(found.map(({ headers }) => [headers.dlt_id, headers.dlt_code])).values(),
]
const placeOf = ({ dlt_topic, dlt_partition, dlt_offset }: BrokerRecord['headers']) =>
  `${dlt_topic}/${dlt_partition}/${dlt_offset}`

/** As the broker port reads bytes. */
function textOf(bytes: string | Buffer): string {
  return Buffer.isBuffer(bytes) ? bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1') : bytes
}

function lastText(header: string | Buffer | string[] | undefined): string | undefined {
  const last = Array.isArray(header) ? header.at(-1) : header
  return last === undefined ? undefined : textOf(last)
}

async function register(): Promise<BadSchemas> {
  const admin = restRegistryAdmin(registryConfigFromEnvironment(environment))
  const ids = await Promise.all(
    Object.entries(badlyMeant).map(async ([name, schema]) => {
      const subject = `poison-${name}`
      if (!(await admin.find(subject, schema as never))) await admin.register(subject, schema as never)
      return [name, (await admin.find(subject, schema as never))?.id ?? 0] as const
    }),
  )
  return Object.fromEntries(ids) as BadSchemas
}

/** Sends past everything of ours, as any other producer would. */
async function sendAll(codec: Codec, poisons: readonly Poison[]): Promise<readonly Sent[]> {
  const producer = client().producer()
  await producer.connect()
  try {
    return await withSnappy(async () => {
      const sent: Sent[] = []
      for (const poison of poisons) sent.push(await send(producer, codec, poison))
      return sent
    })
  } finally {
    await producer.disconnect()
  }
}

async function send(producer: Producer, codec: Codec, poison: Poison): Promise<Sent> {
  const usual = good(codec, `poison-${randomUUID()}`)
  const { topic = events, key = usual.key, value = usual.value, compression } = poison
  const given = { ...usual.headers, ...poison.headers }
  const headers = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== undefined))
  const packing = { gzip: kafkajs.CompressionTypes.GZIP, snappy: kafkajs.CompressionTypes.Snappy }
  const [stored] = await producer.send({
    topic,
    acks: -1,
    compression: compression ? packing[compression] : kafkajs.CompressionTypes.None,
    messages: [{ key, value, headers: headers as never }],
  })
  return {
    poison,
    place: `${topic}/${stored?.partition}/${stored?.baseOffset}`,
    key: textOf(key ?? ''),
    value,
  }
}

/** What the topic takes; without a number, what it usually does. kafkajs replaces all settings of a topic at once. */
async function allowUpTo(bytes?: number): Promise<void> {
  const usual = topics.find(({ name }) => name === events)?.settings ?? {}
  const settings = { ...usual, ...(bytes && { 'max.message.bytes': String(bytes) }) }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  const admin = client().admin()
  await admin.connect()
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: events, configEntries }]
  await admin.alterConfigs({ validateOnly: false, resources }).finally(() => admin.disconnect())
}

function client() {
  const { brokers } = kafkaConfigFromEnvironment(environment)
  return new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
}

function memoryOf(pid: number | undefined): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024)
  return `the process has ${megabytes('VmRSS')} MB of memory, ${megabytes('VmHWM')} MB at most`
}
