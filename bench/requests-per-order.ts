import type { Customers } from './load/customers.ts'
import { inFlight } from './loads.ts'
import { measure } from './measure.ts'
import type { RequestsPerOrder } from './result.ts'
import { type CountedService, countedServices } from './stage/counters.ts'
import type { Stage } from './stage/stage.ts'
import { watchedOn } from './stage/watched.ts'
import { between, type Counts } from './wire/requests.ts'

/**
 * Counts what an order asks of broker and store, with all services behind counting proxies. From the first order to the last, so that the
 * figures are of whole orders; speed is not looked at.
 */
export async function countRequests(
  stage: Stage,
  {
    customers,
    orders,
    seconds,
    signal,
  }: {
    customers: Customers
    /** In flight. */
    orders: number
    seconds: number
    signal: AbortSignal
  },
): Promise<RequestsPerOrder> {
  const load = inFlight(orders)
  const placed = customers.orders.length
  const before = stage.counters.counts()
  await measure(load, { customers, watched: watchedOn(stage), seconds, signal })
  const after = stage.counters.counts()
  const count = customers.orders.length - placed
  const present = countedServices.filter((service) => stage.crew.addresses(service).length > 0)
  const perOrder = (service: CountedService, of: 'broker' | 'store') =>
    divided(between(before[service][of], after[service][of]), count)
  return {
    load: load.name,
    orders: count,
    services: Object.fromEntries(
      present.map((service) => [
        service,
        { broker: perOrder(service, 'broker'), store: perOrder(service, 'store') },
      ]),
    ),
  }
}

function divided(counts: Counts, by: number): Counts {
  return Object.fromEntries(
    Object.entries(counts).map(([kind, { requests, bytes, documents }]) => [
      kind,
      { requests: requests / by, bytes: bytes / by, documents: documents / by },
    ]),
  )
}
