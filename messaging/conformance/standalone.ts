import { describe, expect, test } from '@jest/globals'
import { say, type Testbed, until } from '../broker.fixtures.ts'
import { committed, positionsAfter } from './records.ts'

/** What every broker promises to a consumer without a group. */
export function standaloneConformance(name: string, bed: () => Testbed): void {
  describe(`a standalone consumer on ${name}`, () => {
    test('reads every partition of every topic from the earliest record and commits nothing', async () => {
      const topics = [await bed().topic(3), await bed().topic(2)]
      for (const topic of topics) await bed().producer.send(say(topic, ['a', 'b', 'c', 'd', 'e', 'f']))
      const [viewer, other] = await Promise.all(
        [1, 2].map(() => bed().read(topics, { assignment: 'standalone', groupId: 'viewer' })),
      )
      for (const reader of [viewer, other]) {
        expect(reader?.assignments[0]?.partitions).toHaveLength(5)
        await until('all have come', () => reader?.records.length === 12)
        await reader?.commit(positionsAfter(reader.records))
      }
      expect(await committed(bed(), 'viewer', topics)).toEqual([null, null, null, null, null])
    })

    test('sees what comes after its start, and only that, from the latest', async () => {
      const topic = await bed().topic(1)
      await bed().producer.send(say(topic, ['a-1']))
      const viewer = await bed().read([topic], { assignment: 'standalone', startFrom: 'latest' })
      await bed().producer.send(say(topic, ['a-2']))
      await until('the second has come', () => viewer.records.length > 0)
      expect(viewer.values()).toEqual(['a-2'])
    })
  })
}
