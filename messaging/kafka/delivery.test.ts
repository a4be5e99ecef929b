import { EventEmitter } from 'node:events'
import { describe, expect, jest, test } from '@jest/globals'
import kafkajs, { type EachBatchPayload, type Consumer as KafkaJsConsumer } from 'kafkajs'
import type { BrokerRecord, Rest } from '../broker.ts'
import { delivery } from './delivery.ts'
import { ownership } from './ownership.ts'

const { events } = new kafkajs.Kafka({ brokers: [] }).consumer({ groupId: 'names' })
const at = { topic: 't', partition: 0 }

/** What delivery sees of kafkajs: its events and calls, in the order in which kafkajs makes them. */
function kafkaJs({ keepsPositions, rest }: { keepsPositions: boolean; rest?: Rest }) {
  const emitter = new EventEmitter()
  const calls = { pause: jest.fn(), resume: jest.fn(), seek: jest.fn() }
  const consumer = Object.assign(emitter, { events, ...calls }) as unknown as KafkaJsConsumer
  const own = ownership()
  const records: BrokerRecord[] = []
  const { eachBatch, ...controls } = delivery({
    consumer,
    own,
    handler: { onRecords: (fetched) => records.push(...fetched) },
    onProgress: () => {},
    onThrow: (error) => {
      throw error
    },
    keepsPositions,
    rest,
  })
  const emit = (event: string, payload: object) => emitter.emit(event, { payload })
  return {
    ...calls,
    controls,
    own,
    offsets: () => records.map(({ offset }) => offset),
    join: () => emit(events.GROUP_JOIN, { memberAssignment: { t: [0] } }),
    ask: (nodeId: number) => emit(events.FETCH_START, { nodeId }),
    answered: (nodeId: number) => emit(events.FETCH, { nodeId }),
    endOfEmptyBatch: (lastOffset: number) =>
      emit(events.END_BATCH_PROCESS, { ...at, batchSize: 0, lastOffset: String(lastOffset) }),
    /** Delivers a batch of one record, with so many behind it, and tells which offset was resolved. */
    async deliver(offset: number, lastOffset = offset, behind = 0): Promise<string | undefined> {
      let resolved: string | undefined
      const message = { offset: String(offset), key: null, value: null, timestamp: '0', headers: {} }
      await eachBatch({
        batch: {
          ...at,
          messages: [message],
          lastOffset: () => String(lastOffset),
          offsetLag: () => String(behind),
        },
        resolveOffset: (to: string) => {
          resolved = to
        },
      } as unknown as EachBatchPayload)
      return resolved
    },
  }
}

describe('what kafkajs fetched', () => {
  test('is handed over, and its position moves past control records that follow', async () => {
    const kafka = kafkaJs({ keepsPositions: false })
    kafka.join()
    kafka.ask(1)
    kafka.answered(1)
    expect(await kafka.deliver(7, 8)).toBe('7')
    expect(kafka.offsets()).toEqual([7n])
    expect(kafka.own.next(at)).toBe(9n)
    kafka.endOfEmptyBatch(9)
    expect(kafka.own.next(at)).toBe(10n)
  })

  test('is dropped, not resolved, when it was asked for before the latest assignment', async () => {
    const kafka = kafkaJs({ keepsPositions: false })
    kafka.join()
    kafka.ask(1)
    kafka.ask(2)
    kafka.join()
    kafka.answered(2)
    expect(await kafka.deliver(40)).toBeUndefined()
    kafka.ask(2)
    kafka.answered(2)
    expect(await kafka.deliver(7)).toBe('7')
    expect(kafka.offsets()).toEqual([7n])
  })

  test('is dropped, not resolved, when its partition was paused or fetching was stopped meanwhile', async () => {
    const kafka = kafkaJs({ keepsPositions: false })
    kafka.join()
    kafka.ask(1)
    kafka.answered(1)
    kafka.controls.pause([at])
    expect(await kafka.deliver(0)).toBeUndefined()
    kafka.controls.resume([at])
    kafka.controls.stop()
    expect(await kafka.deliver(0)).toBeUndefined()
    expect(kafka.offsets()).toEqual([])
  })
})

describe('a rest', () => {
  const hour = 3_600_000
  const isOver = (delivered: Promise<unknown>) =>
    Promise.race([delivered.then(() => true), new Promise((resolve) => setImmediate(resolve, false))])

  function resting(rest: Rest = () => hour) {
    const kafka = kafkaJs({ keepsPositions: false, rest })
    kafka.join()
    kafka.ask(1)
    kafka.answered(1)
    return kafka
  }

  test('comes after the records were handed over, and ends when fetching is stopped', async () => {
    const kafka = resting()
    const delivered = kafka.deliver(7)
    expect(await isOver(delivered)).toBe(false)
    expect(kafka.offsets()).toEqual([7n])
    kafka.controls.stop()
    expect(await delivered).toBe('7')
  })

  test('is the longer the more records a fetch has brought', async () => {
    const ended: string[] = []
    const rest = (records: number) => 20 * records
    const [busy, calm] = [resting(rest), resting(rest)]
    const fetch = ({ deliver }: typeof busy, records: number, name: string) =>
      Promise.all(Array.from({ length: records }, (_, i) => deliver(i))).then(() => ended.push(name))
    await Promise.all([fetch(busy, 10, 'ten'), fetch(calm, 1, 'one')])
    busy.answered(1)
    await Promise.all([fetch(calm, 10, 'eleven'), fetch(busy, 1, 'one of the next fetch')])
    expect(ended).toEqual(['one', 'ten', 'one of the next fetch', 'eleven'])
  })

  test('waits until a backlog is read', async () => {
    expect(await resting().deliver(7, 7, 1)).toBe('7')
  })
})

describe('a new assignment', () => {
  test('is not fetched after fetching was stopped', () => {
    const kafka = kafkaJs({ keepsPositions: false })
    kafka.controls.stop()
    kafka.join()
    expect(kafka.pause).toHaveBeenLastCalledWith([{ topic: 't', partitions: [0] }])
  })

  test.each([
    [true, [[{ ...at, offset: '8' }]]],
    [false, []],
  ])('keeps positions: %s', async (keepsPositions, seeks) => {
    const kafka = kafkaJs({ keepsPositions })
    kafka.own.assign([at], [{ ...at, offset: 5n }])
    kafka.ask(1)
    kafka.answered(1)
    await kafka.deliver(7)
    kafka.join()
    expect(kafka.seek.mock.calls).toEqual(seeks)
  })
})
