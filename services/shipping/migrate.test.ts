import { expect, test } from '@jest/globals'
import { transition } from 'xstate'
import { shippingMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

test('a recall that version 1 keeps asking for waits for a person, once version 2 was refused it often enough', () => {
  const context = { orderId: 'o1', recallPause: 1_000 }
  const stored = { value: 'recallRefused', context, status: 'active' } as const
  let snapshot = shippingMachine.resolveState(fromVersion1(stored, 2) as never)
  const states = [1, 2].flatMap(() =>
    ['xstate.after.recallPause.shipping.recallRefused', 'xstate.error.actor.recallParcel'].map((type) => {
      ;[snapshot] = transition(shippingMachine, snapshot, { type } as never)
      return snapshot.value
    }),
  )
  expect(states).toEqual(['recalling', 'recallRefused', 'recalling', 'recallStuck'])
})
