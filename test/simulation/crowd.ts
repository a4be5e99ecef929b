import { contracts } from '#contracts'
import { amount, placeOrderCommand } from '../../scripts/shop/example-order.ts'
import type { AcceptedOrder } from '../invariants/evidence.ts'
import { drawPath, type Path } from './paths.ts'
import { discardWhatHolds, interfere, lookAfter } from './people.ts'
import type { Shop } from './shop.ts'

/** Milliseconds. */
const soon = { cancels: 4_000, repeats: 3_000, garbles: 4_000 }

/** Of how many orders the customer asks twice, and of how many a record comes that nobody can read. */
const probability = { repeats: 0.05, garbles: 0.01 }

/** Each is what one of the participants waits for. */
const garbled = ['PaymentCaptured', 'OrderDelivered', 'OrderPaid'] as const

/** Orders that are placed over `time` ms, and people who look after those that need one. Returns what was accepted, as it comes. */
export function openDoors(shop: Shop, { orders, time }: { orders: number; time: number }): AcceptedOrder[] {
  const { scheduler, random: all } = shop.world
  const random = all.fork('customers')
  const accepted: AcceptedOrder[] = []
  const pathOf = new Map<string, Path>()
  for (let n = 1; n <= orders; n++) {
    const path = drawPath(random)
    scheduler.after(random.between(0, time), 'a customer comes', () => place(`order-${n}`, path))
  }
  lookAfter(shop, all.fork('people'))
  discardWhatHolds(shop, all.fork('operators'))
  interfere(shop, all.fork('busybodies'), (orderId) => pathOf.get(orderId))

  function place(orderId: string, path: Path): void {
    const { name, endings, paymentToken, postcode, cancels } = path
    pathOf.set(orderId, path)
    accepted.push({ orderId, acceptedAt: scheduler.now(), amount, path: name, endings })
    const order = placeOrderCommand(orderId, { paymentToken, postcode })
    const later = (ms: number, task: () => void) =>
      scheduler.after(random.between(0, ms), `customer of ${orderId}`, task)
    shop.say('PlaceOrder', orderId, order)
    if (cancels) later(soon.cancels, () => shop.say('CancelOrder', orderId, { reason: 'changed my mind' }))
    if (random.chance(probability.repeats)) later(soon.repeats, () => shop.say('PlaceOrder', orderId, order))
    if (random.chance(probability.garbles)) later(soon.garbles, () => garble(orderId))
  }

  function garble(orderId: string): void {
    const type = random.pick(garbled)
    const { topic } = contracts.events[type]
    const headers = {
      ce_specversion: '1.0',
      ce_id: `garbled ${orderId}`,
      ce_type: type,
      ce_source: 'elsewhere',
    }
    shop.sayRaw({ topic, key: orderId, headers, value: Buffer.from('garbled') })
  }

  return accepted
}
