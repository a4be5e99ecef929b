import { describe, expect, test } from '@jest/globals'
import type { Head, JournalRow, MachineState } from '#orchestration'
import { accepted, entityTag, hasEnded, orderView, takenUp } from './order-view.ts'

const ordered = { items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1450 }], amount: 2900, currency: 'EUR' }
const paying: MachineState = { value: 'paying', status: 'active', context: { order: ordered, reason: null } }

describe('what is shown of an order', () => {
  test('is what was asked for until the participant has taken it up', () => {
    const request = {
      key: 'k',
      bodyHash: 'h',
      orderId: 'o',
      commandId: 'c',
      command: ordered as never,
      at: 1_000,
    }
    const instant = '1970-01-01T00:00:01.000Z'
    expect(orderView(accepted(request), [])).toEqual({
      orderId: 'o',
      state: 'accepted',
      ended: false,
      ...ordered,
      placedAt: instant,
      updatedAt: instant,
      history: [],
    })
  })

  test('is no order when only events that came too early are there', () => {
    expect(takenUp(undefined)).toBeUndefined()
    expect(takenUp(aHead(null))).toBeUndefined()
  })

  test('is the top-level state, also of a nested one', () => {
    const known = takenUp(aHead({ ...paying, value: { paying: { waiting: 'long' } } }))
    expect(known && orderView(known, []).state).toBe('paying')
  })

  test('names the cause of each step but none of its data', () => {
    const causes: JournalRow['cause'][] = [
      { kind: 'timer', id: 'paymentPatience@1', dueAt: 1 },
      { kind: 'answer', id: 'ask@2', status: 'done', value: { secret: 1 } },
      { kind: 'retry', id: 'ask@2', error: 'secret' },
    ]
    const known = takenUp(aHead(paying))
    const { history } = orderView(known as never, causes.map(aRow))
    expect(history.map(({ cause }) => cause)).toEqual([
      { kind: 'timer', id: 'paymentPatience@1' },
      { kind: 'answer', id: 'ask@2' },
      { kind: 'retry', id: 'ask@2' },
    ])
    expect(JSON.stringify(history)).not.toContain('secret')
  })

  test.each<[MachineState['status'], boolean]>([
    ['active', false],
    ['done', true],
    ['error', true],
  ])('has ended when the machine is not active any more: %s', (status, ended) => {
    expect(hasEnded(aHead({ ...paying, status }))).toBe(ended)
  })

  test('has a tag per step', () => {
    expect([entityTag(undefined), entityTag(aHead(paying))]).toEqual(['"0"', '"3"'])
  })
})

function aHead(state: MachineState | null): Head {
  const nothing = { seen: [], deferred: [], timers: [], effects: [], dueAt: null }
  return { _id: 'o', seq: 3, version: '1', partition: 0, state, ...nothing, startedAt: 1, at: 2 }
}

function aRow(cause: JournalRow['cause'], i: number): JournalRow {
  const nothing = { consumed: [], emitted: [], trace: {} }
  const pending = { started: [], ended: [] }
  const place = {
    sagaId: 'o',
    seq: i + 1,
    _id: `o:${i + 1}`,
    attempt: 'a',
    version: '1',
    partition: 0,
    at: i,
  }
  return { ...place, cause, outcome: 'applied', ...nothing, timers: pending, effects: pending, state: paying }
}
