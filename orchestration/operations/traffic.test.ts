import { expect, test } from '@jest/globals'
import { aRow } from '../journal.fixtures.ts'
import { manualClock } from '../manual-clock.fixtures.ts'
import type { SagaStep } from '../saga-steps.ts'
import { countTraffic } from './traffic.ts'

const minute = 60_000

function heard(at: number): SagaStep {
  const place = { topic: 'guest.events', partition: 0, offset: '1', time: 1 }
  const cause = { kind: 'event', id: 'e', type: 'MealOrdered', source: 'guest', ...place } as const
  const emitted = [{ id: 'f', type: 'MealServed', data: {}, trace: {} }]
  return { ...aRow('s', 1), participant: 'kitchen', at, cause, emitted }
}

test('what was said and heard in the last five minutes is told per minute, and older steps do not count', () => {
  const clock = manualClock(20 * minute)
  const traffic = countTraffic(clock)
  traffic.count([heard(14 * minute), heard(16 * minute), heard(20 * minute), heard(20 * minute)])
  expect(traffic.seen()).toEqual([
    { participant: 'kitchen', type: 'MealServed', perMinute: 0.6 },
    {
      participant: 'kitchen',
      type: 'MealOrdered',
      heard: { topic: 'guest.events', source: 'guest' },
      perMinute: 0.6,
    },
  ])
  clock.advance(2 * minute)
  expect(traffic.seen().map(({ perMinute }) => perMinute)).toEqual([0.4, 0.4])
  clock.advance(5 * minute)
  expect(traffic.seen()).toEqual([])
})
