import { expect, test } from '@jest/globals'
import { PoisonError } from '#messaging'
import type { DeferredEvent, Head } from '../journal.ts'
import { refuseOversized } from './head.ts'

function headWith(deferred: readonly DeferredEvent[]): Head {
  const nothing = { seen: [], timers: [], effects: [], dueAt: null, startedAt: 0, at: 0 }
  return { _id: 'b-1', seq: 1, version: '1', partition: 0, state: null, ...nothing, deferred }
}

function waiting(characters: number): DeferredEvent {
  const at = { topic: 'bell.events', partition: 0, offset: '0', time: 0, seq: 1, trace: {} }
  return { id: 'e-1', type: 'Noted', source: 'bell', ...at, data: { text: 'x'.repeat(characters) } }
}

test('a saga may keep events waiting, but no more than a head can hold', () => {
  expect(() => refuseOversized(headWith([]))).not.toThrow()
  expect(() => refuseOversized(headWith([waiting(1_000_000), waiting(1_000_000)]))).not.toThrow()
  expect(() => refuseOversized(headWith([waiting(3_000_000), waiting(2_000_000)]))).toThrow(PoisonError)
})
