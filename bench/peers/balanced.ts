import type { Order } from '../load/customers.ts'

type Balance = {
  readonly orderId: string
  readonly captured: number
  readonly refunded: number
  readonly deliveries: number
}

/** Rejects when an order has not ended, or the companies' ledger does not say of it what its ending promises; or knows orders that nobody placed. */
export async function balanced(sandbox: string, orders: readonly Order[]): Promise<void> {
  const answer = await fetch(`${sandbox}/ledger/balance`)
  const faults = faultsIn((await answer.json()) as Balance[], orders)
  if (faults.length > 0)
    throw new Error(`${faults.length} orders are wrong: ${faults.slice(0, 5).join('; ')}`)
}

/** A sentence for each order that is not as it should be. */
export function faultsIn(balances: readonly Balance[], orders: readonly Order[]): string[] {
  const byOrder = new Map(balances.map((balance) => [balance.orderId, balance]))
  const faults = orders.flatMap(({ orderId, amount, way, endedAt }) => {
    const { captured = 0, refunded = 0, deliveries = 0 } = byOrder.get(orderId) ?? {}
    byOrder.delete(orderId)
    if (endedAt === null) return [`${orderId} has not ended`]
    const isDelivered = way.ending === 'delivered'
    const isRight =
      captured === amount && refunded === (isDelivered ? 0 : amount) && deliveries === (isDelivered ? 1 : 0)
    return isRight
      ? []
      : [`${orderId}, ${way.name}: captured ${captured}, refunded ${refunded}, ${deliveries} deliveries`]
  })
  return [...faults, ...[...byOrder.keys()].map((orderId) => `${orderId} was never placed`)]
}
