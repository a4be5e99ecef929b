import { setTimeout as sleep } from 'node:timers/promises'
import { orderBody } from '../../scripts/shop/example-order.ts'
import type { Path } from './paths.ts'

/** An order as its customer sees it. Times in epoch milliseconds. */
export type Purchase = {
  readonly key: string
  readonly path: Path
  readonly askedAt: number
  /** `null` until it is accepted. */
  accepted: { readonly orderId: string; readonly at: number } | null
  /** How often each answer came, by its status, or `no answer`. */
  readonly answers: Record<string, number>
}

export type CustomerOptions = {
  /** Base URL of an instance that may answer. */
  readonly api: () => string
  /** Gives up when it is aborted. */
  readonly signal: AbortSignal
}

/** Longer than the API takes to say that it cannot. */
const callTimeout = 12_000
const firstPause = 300
const longestPause = 5_000

/** Insists until the order is accepted, always with the same key, as often as the API asks for it. */
export async function place(purchase: Purchase, options: CustomerOptions): Promise<void> {
  const { key, path } = purchase
  const body = JSON.stringify(orderBody(path))
  const response = await insist('/orders', { key, body }, purchase, options)
  if (!response) return
  const { orderId } = (await response.json()) as { orderId: string }
  purchase.accepted = { orderId, at: Date.now() }
  if (path.cancels) await cancel(orderId, purchase, options)
}

/** 409 says that the order has ended already: that is an answer too. */
async function cancel(orderId: string, purchase: Purchase, options: CustomerOptions): Promise<void> {
  const body = JSON.stringify({ reason: 'changed my mind' })
  await insist(`/orders/${orderId}/cancellation`, { key: `${purchase.key}-c`, body }, purchase, options)
}

async function insist(
  path: string,
  { key, body }: { key: string; body: string },
  { answers }: Purchase,
  { api, signal }: CustomerOptions,
): Promise<Response | undefined> {
  for (let tries = 0; !signal.aborted; tries++) {
    const response = await fetch(api() + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(callTimeout)]),
    }).catch(() => undefined)
    const told = response ? String(response.status) : 'no answer'
    answers[told] = (answers[told] ?? 0) + 1
    if (response && (response.ok || response.status === 409)) return response
    if (response && response.status < 500 && response.status !== 429)
      throw new Error(`POST ${path} answers ${response.status}: ${await response.text()}`)
    await response?.body?.cancel()
    const asked = Number(response?.headers.get('retry-after') ?? 0) * 1_000
    const pause = Math.min(longestPause, Math.max(asked, firstPause * 2 ** tries))
    await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {})
  }
  return undefined
}
