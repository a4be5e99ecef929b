import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { say, type Testbed, until } from '../broker.fixtures.ts'
import { partitionOf } from '../partitioner.ts'
import { committed, numbersIn } from './records.ts'

/** What every broker promises to the members of a group. */
export function sharingConformance(name: string, bed: () => Testbed): void {
  describe(`sharing partitions on ${name}`, () => {
    test('shares partitions between two members so that each owns the same numbers of both topics', async () => {
      const topics = [await bed().topic(), await bed().topic()]
      const first = await bed().read(topics)
      expect(first.owned()).toEqual([0, 1, 2, 3])
      const second = await bed().read(topics, { groupId: first.groupId })
      await until('both own two', () => first.owned().length === 2 && second.owned().length === 2)
      expect([...first.owned(), ...second.owned()].toSorted()).toEqual([0, 1, 2, 3])
      for (const { assignments } of [first, second]) {
        const owned = assignments.at(-1)?.partitions ?? []
        expect(numbersIn(topics[0], owned)).toEqual(numbersIn(topics[1], owned))
      }

      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      for (const topic of topics) await bed().producer.send(say(topic, keys))
      await until('every key came twice', () => first.records.length + second.records.length >= 16)
      for (const member of [first, second]) {
        for (const { key } of member.records) expect(member.owned()).toContain(partitionOf(key ?? '', 4))
      }
    })

    test('leaves a member what it can keep when another one joins, and gives all back when that one leaves', async () => {
      const topic = await bed().topic(6)
      const first = await bed().read([topic])
      const second = await bed().read([topic], { groupId: first.groupId })
      await until('both own three', () => first.owned().length === 3 && second.owned().length === 3)
      const [kept, moved] = [first.owned(), second.owned()]
      const third = await bed().read([topic], { groupId: first.groupId })
      await until('each owns two', () => [first, second, third].every(({ owned }) => owned().length === 2))
      expect(kept).toEqual(expect.arrayContaining([...first.owned()]))
      expect(moved).toEqual(expect.arrayContaining([...second.owned()]))
      await Promise.all([second.close(), third.close()])
      await until('the first owns all again', () => first.owned().length === 6)
    })

    test('is told its partitions before their records, and again after a rebalance', async () => {
      const topic = await bed().topic(2)
      await bed().producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1']))
      const first = await bed().read([topic])
      expect(first.records).toEqual([])
      expect(first.assignments).toHaveLength(1)
      expect(first.assignments[0]).toMatchObject({ after: 0, partitions: { length: 2 } })
      await until('all have come', () => first.records.length === 4)
      const second = await bed().read([topic], { groupId: first.groupId })
      await until('the first member is told anew', () => first.owned().length === 1)
      // Nothing was committed, so both begin their partition anew.
      const anew = () => first.records.slice(first.assignments.at(-1)?.after)
      await until('all have come again', () => anew().length + second.records.length === 4)
      expect([...anew(), ...second.records].map(({ value }) => String(value)).toSorted()).toEqual([
        'a-1',
        'b-1',
        'c-1',
        'd-1',
      ])
    })

    test('drops the commit of a partition that went to another member', async () => {
      const topic = await bed().topic(2)
      await bed().producer.send(say(topic, ['a-1', 'b-1', 'c-1', 'd-1']))
      const first = await bed().read([topic])
      const second = await bed().read([topic], { groupId: first.groupId })
      await until('both own one', () => first.owned().length === 1 && second.owned().length === 1)
      const [lost = -1] = second.owned()
      await first.commit([{ topic, partition: lost, offset: 1n }])
      expect((await committed(bed(), first.groupId, [topic]))[lost]).toBeNull()
    })

    test('refuses topics with different numbers of partitions and names them', async () => {
      const [four, three] = [await bed().topic(4), await bed().topic(3)]
      const refused = bed().read([four, await bed().topic(4), three])
      await expect(refused).rejects.toMatchObject({ name: 'TerminalError', code: 'CHORUS_PARTITIONS_DIFFER' })
      await expect(refused).rejects.toThrow(`${four} has 4`)
      await expect(refused).rejects.toThrow(`${three} has 3`)
    })

    test('refuses a topic that does not exist', async () => {
      await expect(bed().read([`missing.${randomUUID()}`])).rejects.toMatchObject({
        name: 'TerminalError',
        code: 'CHORUS_TOPIC_MISSING',
      })
    })
  })
}
