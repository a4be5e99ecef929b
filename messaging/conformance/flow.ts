import { describe, expect, test } from '@jest/globals'
import { say, type Testbed, until } from '../broker.fixtures.ts'
import { committed, keysOf, positionsAfter, settle } from './records.ts'

/** What every broker promises to a consumer that pauses, stops or dies. */
export function flowConformance(name: string, bed: () => Testbed): void {
  describe(`the flow of records from ${name}`, () => {
    test('pauses one partition while the others flow, and resumes it without loss or repetition', async () => {
      const topic = await bed().topic(2)
      const reader = await bed().read([topic])
      const [still, flowing] = keysOf(0, 1)
      const paused = [{ topic, partition: 0 }]
      reader.pause(paused)
      for (let i = 0; i < 5; i++) await bed().producer.send(say(topic, [`${still}-${i}`, `${flowing}-${i}`]))
      await until('the flowing partition has come', () => reader.records.length >= 5)
      expect(reader.values()).toEqual([0, 1, 2, 3, 4].map((i) => `${flowing}-${i}`))
      reader.resume(paused)
      await until('the paused partition has come', () => reader.records.length >= 10)
      expect(reader.values().slice(5)).toEqual([0, 1, 2, 3, 4].map((i) => `${still}-${i}`))
    })

    test('obeys a pause from within the handler at once', async () => {
      const topic = await bed().topic(1)
      let pause = () => {}
      const reader = await bed().read([topic], { handler: { onRecords: () => pause() } })
      pause = () => reader.pause([{ topic, partition: 0 }])
      await bed().producer.send(say(topic, ['a-1']))
      await until('the first has come', () => reader.records.length === 1)
      await bed().producer.send(say(topic, ['a-2']))
      await settle(bed(), topic)
      expect(reader.values()).toEqual(['a-1'])
      reader.resume([{ topic, partition: 0 }])
      await until('the second has come', () => reader.records.length === 2)
    })

    test('lifts all pauses at a rebalance', async () => {
      const topic = await bed().topic(2)
      const all = [0, 1].map((partition) => ({ topic, partition }))
      const first = await bed().read([topic])
      first.pause(all)
      await bed().producer.send(say(topic, keysOf(0, 1)))
      await settle(bed(), topic)
      expect(first.records).toEqual([])
      const second = await bed().read([topic], { groupId: first.groupId })
      await until(
        'both have their partition',
        () => first.records.length === 1 && second.records.length === 1,
      )
    })

    test('can still commit after it stopped fetching, and is handed nothing more', async () => {
      const topic = await bed().topic(1)
      const reader = await bed().read([topic])
      await bed().producer.send(say(topic, ['a-1']))
      await until('the first has come', () => reader.records.length === 1)
      await reader.stopFetching()
      await bed().producer.send(say(topic, ['a-2']))
      await settle(bed(), topic)
      reader.resume([{ topic, partition: 0 }])
      await settle(bed(), topic)
      expect(reader.values()).toEqual(['a-1'])
      await reader.commit(positionsAfter(reader.records))
      expect(await committed(bed(), reader.groupId, [topic])).toEqual([1n])
      expect((await bed().admin.lag(reader.groupId, [topic])).members).toBe(1)
      await reader.close()
      expect((await bed().admin.lag(reader.groupId, [topic])).members).toBe(0)
    })

    test('is reported dead when its handler throws, leaves the group and is handed nothing more', async () => {
      const topic = await bed().topic(1)
      const deaths: Error[] = []
      const handler = {
        onRecords() {
          throw new TypeError('a bug in the handler')
        },
        onFatal: (error: Error) => deaths.push(error),
      }
      const reader = await bed().read([topic], { handler })
      await bed().producer.send(say(topic, ['a-1']))
      await until('its death is told', () => deaths.length > 0)
      await bed().producer.send(say(topic, ['a-2']))
      await settle(bed(), topic)
      await reader.close()
      expect(deaths.map(String)).toEqual(['TypeError: a bug in the handler'])
      expect(reader.values()).toEqual(['a-1'])
      expect((await bed().admin.lag(reader.groupId, [topic])).members).toBe(0)
    })
  })
}
