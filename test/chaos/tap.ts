import { setTimeout as sleep } from 'node:timers/promises'
import type { Broker, BrokerRecord, Consumer, OutgoingMessage } from '#messaging'
import { type SagaStep, stepsTopic } from '#orchestration'
import { randomFrom } from '#orchestration/simulation'
import { keyedTopics } from './topics.ts'

/** Hears everything that is said on the topics, and can say it again. */
export type Tap = {
  /** From now on everything is sent a second time, or not any more. */
  duplicate(on: boolean): void
  /** Resolves when the broker has everything that was to be sent again. */
  quiet(): Promise<void>
  /** Sends so many old messages again, neighbours in time, and resolves when the broker has them. */
  replay(count: number): Promise<number>
  /** Messages that were sent again so far. */
  sentAgain(): number
  /** Order id → when its last word was said, epoch milliseconds, by the clock of this machine. */
  readonly ended: ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Marks what was sent here, so that nothing is sent again for ever. */
const mark = 'chaos'
/** Messages kept to be sent again: a fair sample of all that was said. */
const kept = 20_000
const batch = 500

export async function openTap(broker: Broker): Promise<Tap> {
  const random = randomFrom(1)
  const producer = await broker.producer()
  const ended = new Map<string, number>()
  const sample: { number: number; message: OutgoingMessage }[] = []
  const positions = new Map<string, bigint>()
  let heard = 0
  let sent = 0
  let duplicating = false
  let closed = false
  let queue: { message: OutgoingMessage; done?: () => void }[] = []
  let sending = Promise.resolve()
  let idle = true

  function onRecords(records: readonly BrokerRecord[]): void {
    for (const record of records) if (isNew(record) && !record.headers[mark]) hear(record)
  }

  /** A consumer that is started anew begins at the beginning. */
  function isNew({ topic, partition, offset }: BrokerRecord): boolean {
    const place = `${topic}/${partition}`
    if (offset < (positions.get(place) ?? 0n)) return false
    positions.set(place, offset + 1n)
    return true
  }

  function hear(record: BrokerRecord): void {
    const { topic, key, value } = record
    if (key === null) return
    if (topic === stepsTopic) note(key, record)
    const message = { topic, key, value, headers: { ...record.headers, [mark]: 'again' } }
    remember({ number: heard++, message })
    if (duplicating) say([{ message }])
  }

  function note(orderId: string, { value, timestamp }: BrokerRecord): void {
    const { participant, state } = JSON.parse(String(value)) as SagaStep
    if (participant === 'order' && state?.status === 'done' && !ended.has(orderId))
      ended.set(orderId, timestamp)
  }

  function remember(one: (typeof sample)[number]): void {
    if (sample.length < kept) sample.push(one)
    else if (random.next() < kept / heard) sample[random.between(0, kept - 1)] = one
  }

  function say(messages: typeof queue): void {
    queue.push(...messages)
    if (idle) sending = sendAll()
  }

  async function sendAll(): Promise<void> {
    idle = false
    while (queue.length > 0 && !closed) {
      const some = queue.slice(0, batch)
      try {
        await producer.send(some.map(({ message }) => message))
        queue = queue.slice(some.length)
        sent += some.length
        for (const { done } of some) done?.()
      } catch {
        await sleep(500) // the broker is one of those that are killed here
      }
    }
    idle = true
  }

  let consumer: Consumer
  const consume = () =>
    broker.consume({
      groupId: 'chaos',
      topics: keyedTopics,
      assignment: 'standalone',
      handler: { onRecords, onFatal: () => void again() },
    })

  async function again(): Promise<void> {
    while (!closed) {
      try {
        consumer = await consume()
        return
      } catch {
        await sleep(1_000)
      }
    }
  }

  consumer = await consume()
  return {
    ended,
    sentAgain: () => sent,
    duplicate(on) {
      duplicating = on
    },
    quiet: () => sending,
    async replay(count) {
      const inTime = sample.toSorted((a, b) => a.number - b.number)
      const from = random.between(0, Math.max(0, sample.length - count))
      const old = inTime.slice(from, from + count)
      await Promise.all(old.map(({ message }) => new Promise<void>((done) => say([{ message, done }]))))
      return old.length
    },
    async close() {
      closed = true
      await sending
      await consumer.close()
      await producer.close()
    },
  }
}
