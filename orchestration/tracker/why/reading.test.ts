import { describe, expect, test } from '@jest/globals'
import { partitionOf } from '#messaging'
import type { GroupReading, PartitionReading } from '../lag/watch-lag.ts'
import { beginning } from '../meal.fixtures.ts'
import { second, steps, waitingGuest, why } from './why.fixtures.ts'

describe('nobody reads:', () => {
  test('a listener without a process is named, with the event that waits for it', () => {
    const lag = { groups: [group('kitchen', { members: 1 }), group('cellar', { members: 0 })] }
    expect(why(steps.slice(0, 1), { lag })).toEqual({
      cause: 'no-consumer',
      sentence: 'No process of cellar is running: MealOrdered from guest waits for it since 10:00:00Z',
      responsible: 'cellar',
      since: second(0),
      until: null,
      isStuck: true,
    })
  })

  test('so is whoever has an effect to run, or a timer to fire', () => {
    const lag = { groups: [group('kitchen', { members: 0 })] }
    expect(why(steps.slice(0, 4), { lag })).toMatchObject({ cause: 'no-consumer', responsible: 'kitchen' })
    const guest = { groups: [group('guest', { members: 0 })] }
    expect(why(waitingGuest(), { lag: guest })).toMatchObject({ cause: 'no-consumer', responsible: 'guest' })
  })

  test('one that is not needed now may be away', () => {
    const lag = { groups: [group('cellar', { members: 0 })] }
    expect(why(steps.slice(0, 4), { lag }).cause).toBe('working')
  })

  test('a listener that has not come to the event is told with how far it is behind', () => {
    const lag = { groups: [group('kitchen', { oldest: { after: second(-1), by: second(2) } })] }
    expect(why(steps.slice(0, 1), { lag })).toEqual({
      cause: 'lag',
      sentence: `kitchen has not read MealOrdered yet, which guest said at 10:00:00Z: it is 7 records behind in meal.events, partition ${partitionOf('m1', 4)}`,
      responsible: 'kitchen',
      since: second(0),
      until: null,
      isStuck: true,
    })
  })

  test('what lies unread in another partition, or came later than the event, does not hold it up', () => {
    const oldest = { after: second(-1), by: second(2) }
    const elsewhere = group('kitchen', { oldest, partition: (partitionOf('m1', 4) + 1) % 4 })
    const later = group('kitchen', { oldest: { after: second(1), by: second(2) } })
    for (const reading of [elsewhere, later])
      expect(why(steps.slice(0, 1), { lag: { groups: [reading] } }).cause).toBe('working')
    const young = { lag: { groups: [group('kitchen', { oldest })] }, now: second(2) }
    expect(why(steps.slice(0, 1), young).cause).toBe('working')
  })
})

/** A group that reads `meal.events`, with seven records unread in one of four partitions since then. */
function group(
  name: string,
  {
    members = 1,
    oldest = null,
    partition = partitionOf('m1', 4),
  }: { members?: number; oldest?: PartitionReading['oldest']; partition?: number },
): GroupReading {
  const partitions = Array.from({ length: 4 }, (_, i) => {
    const lag = oldest && i === partition ? 7n : 0n
    return {
      topic: 'meal.events',
      partition: i,
      committed: 0n,
      end: lag,
      lag,
      oldest: lag > 0n ? oldest : null,
    }
  })
  return { group: name, at: beginning, members, partitions, history: [] }
}
