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

    test('refuses another number of partitions and names both', async () => {
      const there = await bed().topic(2)
      const refused = bed().admin.createTopics([{ name: there, partitions: 5 }])
      await expect(refused).rejects.toMatchObject({ name: 'TerminalError' })
      await expect(refused).rejects.toThrow(`${there} has 2 partitions, but 5`)
    })
  })
}
