import { expect, test } from '@jest/globals'
import { transition } from 'xstate'
import { paymentMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

test('a refund that version 1 keeps asking for waits for a person, once version 2 was refused it often enough', () => {
  const context = { orderId: 'o1', refundPause: 1_000 }
  const stored = { value: 'refundRefused', context, status: 'active' } as const
  let snapshot = paymentMachine.resolveState(fromVersion1(stored, 2) as never)
  const states = [1, 2].flatMap(() =>
    ['xstate.after.refundPause.payment.refundRefused', 'xstate.error.actor.refundPayment'].map((type) => {
      ;[snapshot] = transition(paymentMachine, snapshot, { type } as never)
      return snapshot.value
    }),
  )
  expect(states).toEqual(['refunding', 'refundRefused', 'refunding', 'refundStuck'])
})
