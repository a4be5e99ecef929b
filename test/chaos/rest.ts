import { setTimeout as sleep } from 'node:timers/promises'
import { unread } from '../invariants/collect.ts'
import { scenes } from '../shop.ts'
import type { Crowd } from './crowd.ts'
import type { Stage } from './stage.ts'

/**
 * Waits until every customer is served, every order has ended, everybody is up and everything is read, at most until `end` (epoch
 * milliseconds). Resolves with what was not in time, in a sentence, or with nothing.
 */
export async function rest(stage: Stage, crowd: Crowd, end: number): Promise<string | undefined> {
  const left = () => Math.max(0, end - Date.now())
  const served = await Promise.race([crowd.served.then(() => true), sleep(left(), false, { ref: false })])
  if (!served)
    return `${crowd.purchases.filter(({ accepted }) => !accepted).length} customers were not served`

  const orders = crowd.purchases.flatMap((purchase) => purchase.accepted?.orderId ?? [])
  const open = () => orders.filter((orderId) => !stage.tap.ended.has(orderId))
  while (open().length > 0 && left() > 0) await sleep(200)
  if (open().length > 0) return await whereTheyAre(stage, open())

  for (const instance of stage.instances.values()) if (!instance.spare) await instance.whenReady(left())
  for (;;) {
    const records = await unread(stage.shop.infrastructure.broker)
    if (records === 0) return undefined
    if (left() === 0) return `${records} records have not been handled`
    await sleep(500)
  }
}

/** Those who look for the reason begin with what the open orders have in common. */
async function whereTheyAre({ shop }: Stage, open: readonly string[]): Promise<string> {
  const found = await scenes(shop, open)
  const groups = Map.groupBy(found.entries(), ([, { order, payment, shipping }]) =>
    [`order ${order}`, `payment ${payment}`, `shipping ${shipping}`].join(', '),
  )
  const told = [...groups].map(
    ([scene, [first, ...others]]) => `${1 + others.length} with ${scene} (${first?.[0]})`,
  )
  return `${open.length} orders have not ended: ${told.join('; ')}`
}
