import { setTimeout as pause } from 'node:timers/promises'
import type { SagaSummary } from '../../services/tracker/api.ts'
import { endingOf } from '../shop/scenarios.ts'
import type { DemoEnding, DemoStage } from './scenario.ts'

/** How it really ended. */
export type Observed = { readonly isRight: boolean; readonly text: string }

/** Longest wait for an ending, in ms: refunds are asked for several times, with pauses. */
const patience = 45_000
const interval = 200

/** Waits until the order has ended, or waits, as it must; and looks whether money and parcel fit that. */
export async function observe(stage: DemoStage, orderId: string, ends: DemoEnding): Promise<Observed> {
  if ('waits' in ends) {
    const sentence = await untilSeen(stage, orderId, ends, patience)
    const expected = `expected to wait for ${ends.responsible}, because of ${ends.waits}`
    return sentence ? { isRight: true, text: sentence } : { isRight: false, text: expected }
  }
  const state = await endingOf(stage.address('order'), orderId, patience)
  if (state !== ends.state) return { isRight: false, text: `it is ${state}, expected ${ends.state}` }
  const fault = await faultOfBalance(stage, orderId, state)
  return { isRight: fault === undefined, text: fault ?? state }
}

/** Waits until the order is in this state; throws when it does not get there. */
export async function untilIn({ address }: DemoStage, orderId: string, state: string): Promise<void> {
  const reached = await until(patience, async () => {
    const { state: now } = await read<{ state: string }>(`${address('order')}/orders/${orderId}`)
    return now === state || undefined
  })
  if (!reached)
    throw new Error(`order ${orderId} was not seen in state ${state} within ${patience / 1_000} s`)
}

/** The tracker's sentence once it gives this cause; `undefined` when it does not within `limit` ms. */
export async function untilSeen(
  { address }: DemoStage,
  orderId: string,
  { waits, responsible }: Extract<DemoEnding, { waits: unknown }>,
  limit: number,
): Promise<string | undefined> {
  return await until(limit, async () => {
    const { why } = await read<SagaSummary>(`${address('tracker')}/api/v1/sagas/${orderId}`)
    return why?.cause === waits && why.responsible === responsible ? why.sentence : undefined
  })
}

async function until<Found>(
  limit: number,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const end = performance.now() + limit
  for (;;) {
    const found = await look().catch(() => undefined)
    if (found !== undefined || performance.now() > end) return found
    await pause(interval)
  }
}

async function read<Answer>(url: string): Promise<Answer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  if (!response.ok) throw new Error(`GET ${url} answers ${response.status}`)
  return (await response.json()) as Answer
}

type Balance = {
  readonly orderId: string
  readonly captured: number
  readonly refunded: number
  readonly deliveries: number
}

/** What the companies outside say to it: whoever was delivered paid once, and nobody else paid. */
async function faultOfBalance(
  { address }: DemoStage,
  orderId: string,
  state: string,
): Promise<string | undefined> {
  const balances = await read<readonly Balance[]>(`${address('sandbox')}/ledger/balance`)
  const own = balances.find((balance) => balance.orderId === orderId)
  const { captured = 0, refunded = 0, deliveries = 0 } = own ?? {}
  const isDelivered = state === 'delivered'
  const isRight = isDelivered
    ? captured > 0 && refunded === 0 && deliveries === 1
    : captured === refunded && deliveries === 0
  if (isRight) return undefined
  return `it is ${state}, but ${captured} was taken, ${refunded} given back and ${deliveries} parcels were delivered`
}
