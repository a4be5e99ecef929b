import { describe, expect, test } from '@jest/globals'
import { say, type Testbed, until } from '../broker.fixtures.ts'
import { committed, positionsAfter, total } from './records.ts'

/** What every broker promises about committed offsets. */
export function commitsConformance(name: string, bed: () => Testbed): void {
  describe(`committing to ${name}`, () => {
    test('hands records over again when the member that had them left without a commit', async () => {
      const topic = await bed().topic()
      await bed().producer.send(say(topic, ['a-1', 'b-1', 'c-1']))
      const first = await bed().read([topic])
      await until('the first member has them', () => first.records.length === 3)
      await first.close()
      const second = await bed().read([topic], { groupId: first.groupId })
      await until('the second member has them', () => second.records.length === 3)
      expect(second.values().toSorted()).toEqual(['a-1', 'b-1', 'c-1'])
    })

    test('continues after what was committed', async () => {
      const topic = await bed().topic(1)
      await bed().producer.send(say(topic, ['a-1', 'a-2', 'a-3']))
      const first = await bed().read([topic])
      await until('the first member has them', () => first.records.length === 3)
      await first.commit([{ topic, partition: 0, offset: 2n }])
      await first.close()
      const second = await bed().read([topic], { groupId: first.groupId })
      await until('the rest has come', () => second.records.length > 0)
      expect(second.values()).toEqual(['a-3'])
    })

    test('commits for itself only', async () => {
      const topic = await bed().topic(1)
      await bed().producer.send(say(topic, ['a-1', 'a-2']))
      const [one, other] = await Promise.all([bed().read([topic]), bed().read([topic])])
      await one.commit([{ topic, partition: 0, offset: 2n }])
      expect(await committed(bed(), one.groupId, [topic])).toEqual([2n])
      expect(await committed(bed(), other.groupId, [topic])).toEqual([null])
    })

    test('counts its lag down to nothing while it commits, and knows how many members it has', async () => {
      const topic = await bed().topic(2)
      await bed().producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1', 'a-2']))
      const reader = await bed().read([topic])
      await until('all have come', () => reader.records.length === 5)
      const before = await bed().admin.lag(reader.groupId, [topic])
      expect(before.members).toBe(1)
      expect(total(before.partitions)).toBe(5n)
      await reader.commit(positionsAfter(reader.records))
      const after = await bed().admin.lag(reader.groupId, [topic])
      expect(total(after.partitions)).toBe(0n)
      await reader.close()
      expect((await bed().admin.lag(reader.groupId, [topic])).members).toBe(0)
    })

    test('starts at the newest record when it is told to', async () => {
      const topic = await bed().topic(1)
      await bed().producer.send(say(topic, ['a-1']))
      const reader = await bed().read([topic], { startFrom: 'latest' })
      // Where "latest" lies is found with the first fetch, not with the join.
      await until('something has come', async () => {
        await bed().producer.send(say(topic, ['a-2']))
        return reader.records.length > 0
      })
      expect(reader.values()).not.toContain('a-1')
    })
  })
}
