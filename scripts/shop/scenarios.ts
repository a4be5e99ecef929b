import { randomUUID } from 'node:crypto'
import { type Choice, orderBody, straight } from './example-order.ts'

/** An order that takes one of the saga's ways, and the ending that it must reach. */
export type Scenario = Choice & {
  readonly name: string
  readonly tells: string
  readonly ending: 'delivered' | 'declined' | 'cancelled'
  /** What is said last. */
  readonly lastEvent: string
}

/** The four orders of `npm start`: the straight way, and three ways back. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'delivered',
    tells: 'everything works',
    ...straight,
    ending: 'delivered',
    lastEvent: 'OrderDelivered',
  },
  {
    name: 'declined',
    tells: 'the payment is declined',
    ...straight,
    paymentToken: 'tok_declined',
    ending: 'declined',
    lastEvent: 'PaymentDeclined',
  },
  {
    name: 'refused',
    tells: 'the carrier refuses, so the payment is refunded',
    ...straight,
    postcode: '00000',
    ending: 'cancelled',
    lastEvent: 'PaymentRefunded',
  },
  {
    name: 'silent',
    tells: 'the payment never answers, so the order times out',
    ...straight,
    paymentToken: 'tok_silent',
    ending: 'cancelled',
    lastEvent: 'PaymentReleased',
  },
]

/** Places an order and returns its id; rejects with the API's own words when it is not accepted. */
export async function placeOrder(api: string, choice: Choice, key: string = randomUUID()): Promise<string> {
  const response = await fetch(`${api}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(orderBody(choice)),
    signal: AbortSignal.timeout(15_000),
  })
  const body = await response.text()
  if (!response.ok) throw new Error(`POST ${api}/orders answered ${response.status}: ${body}`)
  return (JSON.parse(body) as { orderId: string }).orderId
}

const endings = new Set(['delivered', 'declined', 'cancelled'])

/** Waits for the order's ending, up to `limit` ms, through times when the API does not answer; returns the state that it was last seen in. */
export async function endingOf(api: string, orderId: string, limit = 30_000): Promise<string> {
  const end = performance.now() + limit
  let state = 'unknown'
  while (!endings.has(state) && performance.now() < end) {
    state = await stateOf(api, orderId).catch(() => state)
  }
  return state
}

async function stateOf(api: string, orderId: string): Promise<string> {
  const response = await fetch(`${api}/orders/${orderId}`, {
    headers: { prefer: 'wait=5' },
    signal: AbortSignal.timeout(20_000),
  })
  if (!response.ok) throw new Error(`GET ${api}/orders/${orderId} answered ${response.status}`)
  return ((await response.json()) as { state: string }).state
}
