import { randomUUID } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import type { Testbed } from '../broker.fixtures.ts'

/** What every broker promises to those who create and count topics. */
export function adminConformance(name: string, bed: () => Testbed): void {
  describe(`the admin of ${name}`, () => {
    test('creates what is missing, once, and counts partitions', async () => {
      const there = await bed().topic(2)
      const fresh = `conformance.${randomUUID()}`
      bed().topics.push(fresh)
      const specs = [
        { name: there, partitions: 2 },
        { name: fresh, partitions: 3, settings: { 'cleanup.policy': 'compact' } },
      ]
      expect(await bed().admin.createTopics(specs)).toEqual([fresh])
      expect(await bed().admin.createTopics(specs)).toEqual([])
      expect(await bed().admin.partitions([there, fresh, 'missing'])).toEqual(
        new Map([
          [there, 2],
          [fresh, 3],
        ]),
      )
    })

    test('says how long a record can stay in a topic, by what its settings are', async () => {
      const names = ['kept', 'endless', 'compacted'].map((name) => `conformance.${name}.${randomUUID()}`)
      bed().topics.push(...names)
      const settings = [
        { 'retention.ms': '60000', 'segment.ms': '30000' },
        { 'retention.ms': '-1' },
        { 'cleanup.policy': 'compact' },
      ]
      await bed().admin.createTopics(
        names.map((name, i) => ({ name, partitions: 1, settings: settings[i] ?? {} })),
      )
      const [kept = '', endless = '', compacted = ''] = names
      expect(await bed().admin.retention([...names, 'missing'])).toEqual(
        new Map([
          [kept, 90_000],
          [endless, Number.POSITIVE_INFINITY],
          [compacted, Number.POSITIVE_INFINITY],
        ]),
      )
      expect(await bed().admin.retention(['missing'])).toEqual(new Map())
    })

    test('refuses another number of partitions and names both', async () => {
      const there = await bed().topic(2)
      const refused = bed().admin.createTopics([{ name: there, partitions: 5 }])
      await expect(refused).rejects.toMatchObject({ name: 'TerminalError' })
      await expect(refused).rejects.toThrow(`${there} has 2 partitions, but 5`)
    })
  })
}
