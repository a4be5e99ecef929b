import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { amount } from '../scripts/shop/example-order.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { endingOf, placeOrder, scenarios } from '../scripts/shop/scenarios.ts'
import { invariants, outcomeOf } from '../services/cast.ts'
import { balances, eventually, scenes, startRealShop } from './shop.ts'

const count = 200

/** One order in ten is refused by the carrier, one in ten declined. */
function scenarioOf(index: number) {
  const name = index % 10 === 3 ? 'refused' : index % 10 === 7 ? 'declined' : 'delivered'
  const scenario = scenarios.find((one) => one.name === name)
  if (!scenario) throw new Error(`there is no scenario "${name}"`)
  return scenario
}

describe('200 orders, and a service that is killed in the middle of them', () => {
  let shop: ShopOfProcesses

  beforeAll(async () => {
    // Long patience: a service that is away must not turn a good order into a late one.
    shop = await startRealShop({
      environment: { ORDER_PAYMENT_PATIENCE: '120000', PAYMENT_CAPTURE_DEADLINE: '120000' },
    })
  }, 120_000)
  afterAll(() => shop?.stop(), 60_000)

  /** As a customer does: until it is accepted, with the same key. */
  async function insist(index: number): Promise<string> {
    const key = randomUUID()
    let orderId = ''
    await eventually(async () => {
      orderId = await placeOrder(shop.addresses.order ?? '', scenarioOf(index), key)
    }, 90_000)
    return orderId
  }

  test.each(['payment', 'shipping', 'order'] as const)(
    'end as they should when it is %s',
    async (victim) => {
      const placed: string[] = []
      let killed: Promise<void> | undefined
      async function customer(first: number): Promise<void> {
        for (let index = first; index < count; index += 8) {
          placed[index] = await insist(index)
          if (index >= count / 3) killed ??= shop.kill(victim).then(() => shop.restart(victim))
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, first) => customer(first)))
      await killed

      const endings = await Promise.all(
        placed.map((orderId) => endingOf(shop.addresses.order ?? '', orderId, 120_000)),
      )
      expect(endings).toEqual(placed.map((_, index) => scenarioOf(index).ending))

      const ledger = await balances(shop)
      for (const [index, orderId] of placed.entries()) {
        const { captured = 0, refunded = 0, delivered = false } = ledger.get(orderId) ?? {}
        const owed = scenarioOf(index).ending === 'delivered' ? amount : 0
        expect({ orderId, owed: captured - refunded, delivered }).toEqual({
          orderId,
          owed,
          delivered: owed > 0,
        })
      }

      await eventually(async () => {
        for (const [orderId, scene] of await scenes(shop, placed)) {
          expect({ orderId, scene, outcome: outcomeOf(scene) }).toMatchObject({ outcome: scene.order })
          expect(invariants.filter(({ holds }) => !holds(scene))).toEqual([])
        }
      })
    },
    240_000,
  )

  test('end without the tracker just as well', async () => {
    await shop.terminate('tracker')
    const placed = await Promise.all(
      scenarios.map((scenario) => placeOrder(shop.addresses.order ?? '', scenario)),
    )
    const awaited = scenarios.map(({ name, ending }) => (name === 'silent' ? 'paying' : ending))
    const endings = await Promise.all(
      placed.map((orderId, index) =>
        endingOf(shop.addresses.order ?? '', orderId, awaited[index] === 'paying' ? 1_000 : 60_000),
      ),
    )
    expect(endings).toEqual(awaited)
  }, 120_000)
})
