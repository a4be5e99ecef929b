import type { Environment } from '#orchestration'
import { committed } from '../../test/invariants/collect.ts'
import type { Customers } from '../load/customers.ts'
import type { Entry } from '../load/entry.ts'
import { httpEntry } from '../load/http-entry.ts'
import { kafkaEntry } from '../load/kafka-entry.ts'
import { openLoop } from '../load/loops.ts'
import { latency } from '../measure.ts'
import { type Latencies, latenciesOf } from '../percentiles.ts'
import type { Stage } from '../stage/stage.ts'
import { queueUp, type Rate, rateOf, soMany, unlessStalled } from './queue.ts'

/** How orders were worked off that lay in Kafka when the services came up. */
export type Drain = Rate & {
  readonly orders: number
  /** From the first order in Kafka to the last ending: placing the others and starting the services too. */
  readonly queuedSeconds: number
  /** The load of the same run that this stands beside, and how many times as fast it was. */
  readonly beside: Beside
  readonly ratio: number
  /** Consumer group → records that it had still to read when half of the orders had ended. */
  readonly unreadAtHalf: Readonly<Record<string, number>>
  /** Orders that came in over the API meanwhile, one a second, from the intended moment to the ending. */
  readonly probes: { readonly latencies: Latencies; readonly refusals: number }
}

type Beside = { readonly name: string; readonly ordersPerSecond: number }

const probesPerSecond = 1

/** Stops the services, places so many orders in Kafka, starts them, and resolves when each order has ended. */
export async function drain(
  stage: Stage,
  {
    orders,
    beside,
    customersOf,
    signal,
  }: {
    orders: number
    beside: Beside
    customersOf: (entry: Entry) => Customers
    signal: AbortSignal
  },
): Promise<Drain> {
  const { crew, infrastructure } = stage
  const commands = await kafkaEntry(infrastructure.broker, infrastructure.codec)
  const api = httpEntry(crew.addresses('order'))
  try {
    const [queue, probes] = [customersOf(commands), customersOf(api)]
    const endings: Promise<void>[] = []
    await crew.restart(patient(orders), async () => {
      endings.push(...(await queueUp(queue, orders, signal)))
    })
    let over = false
    const ended = Promise.all(endings).finally(() => {
      over = true
    })
    const atHalf = soMany(orders / 2, endings).then(() => unreadByService(stage))
    const probing = openLoop(probesPerSecond, probes.buy, () => over || signal.aborted)
    const [unreadAtHalf] = await unlessStalled(Promise.all([atHalf, ended, probing]), { endings, signal })
    const endedAt = queue.orders.flatMap(({ endedAt }) => endedAt ?? [])
    const rate = rateOf(endedAt)
    const latencies = latenciesOf(probes.orders.map(latency))
    return {
      orders,
      ...rate,
      queuedSeconds: (performance.now() - (queue.orders[0]?.intendedAt ?? 0)) / 1_000,
      beside: { name: beside.name, ordersPerSecond: beside.ordersPerSecond },
      ratio: rate.ordersPerSecond / beside.ordersPerSecond,
      unreadAtHalf,
      probes: { latencies, refusals: probes.refusals() },
    }
  } finally {
    await commands.close()
    await api.close()
  }
}

/** Nobody is turned away because of the queue, and nobody in it has lost patience when payments come to them. */
function patient(orders: number): { readonly order: Environment } {
  return { order: { ORDER_BACKLOG_LIMIT: String(10 * orders), ORDER_PAYMENT_PATIENCE: '36000000' } }
}

async function unreadByService({ crew, infrastructure }: Stage): Promise<Record<string, number>> {
  const groups = Object.entries(await committed(infrastructure.broker))
  const present = new Set(crew.members.map(({ service }): string => service))
  return Object.fromEntries(
    groups
      .filter(([name]) => present.has(name))
      .map(([name, partitions]) => [name, partitions.reduce((sum, { lag }) => sum + lag, 0)]),
  )
}
