import { expect, test } from '@jest/globals'
import { amount } from '../../scripts/shop/example-order.ts'
import type { Order } from '../load/customers.ts'
import { delivered, refused, type Way } from '../workload.ts'
import { faultsIn } from './balanced.ts'

function order(orderId: string, way: Way, endedAt: number | null = 2): Order {
  return { orderId, way, amount, intendedAt: 1, acceptedAt: 1, endedAt }
}

const paid = { captured: amount, refunded: 0, deliveries: 1 }
const givenBack = { captured: amount, refunded: amount, deliveries: 0 }

test('delivered orders are paid once, and refused ones are given back', () => {
  const orders = [order('a', delivered), order('b', refused)]
  expect(
    faultsIn(
      [
        { orderId: 'a', ...paid },
        { orderId: 'b', ...givenBack },
      ],
      orders,
    ),
  ).toEqual([])
})

test.each([
  ['money that was taken twice', delivered, { ...paid, captured: 2 * amount }],
  ['money that was not taken', delivered, { ...paid, captured: 0 }],
  ['a second parcel', delivered, { ...paid, deliveries: 2 }],
  ['no parcel', delivered, { ...paid, deliveries: 0 }],
  ['money that was not given back', refused, { ...givenBack, refunded: 0 }],
  ['a parcel that nobody paid', refused, { ...givenBack, deliveries: 1 }],
])('%s is a fault', (_, way, balance) => {
  expect(faultsIn([{ orderId: 'a', ...balance }], [order('a', way)])).toHaveLength(1)
})

test('an order that the companies do not know, one that has not ended, and one that nobody placed are faults', () => {
  const balances = [
    { orderId: 'open', ...paid },
    { orderId: 'strange', ...paid },
  ]
  expect(faultsIn(balances, [order('lost', delivered), order('open', delivered, null)])).toEqual([
    'lost, delivered: captured 0, refunded 0, 0 deliveries',
    'open has not ended',
    'strange was never placed',
  ])
})
