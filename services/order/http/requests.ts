import type { PlaceOrder } from '#contracts'

/** What the API promised under an idempotency key: one order, one command, whatever happens afterwards. */
export type OrderRequest = {
  readonly key: string
  /** Fingerprint of the body, so that a key used for another body is noticed. */
  readonly bodyHash: string
  readonly orderId: string
  /** Event id of the command: producing it again is harmless, since the order's inbox knows the id. */
  readonly commandId: string
  readonly command: PlaceOrder
  /** Epoch milliseconds. */
  readonly at: number
}

/**
 * Remembers requests before their commands go to Kafka. Two implementations, MongoDB and memory, pass
 * `requests.conformance.ts`. Methods reject with a `RetryableError` when the store cannot be reached or the outcome is unknown; the same
 * call may be repeated.
 */
export type RequestStore = {
  /**
   * The request that holds the key: the given one, or an earlier one that came first. However many claim a key at once,
   * all get the same answer, and when it resolves the request is found by its order id too.
   */
  claim(request: OrderRequest): Promise<OrderRequest>
  /** The requests of these orders; missing ones are absent. Order is not promised. */
  byOrderIds(orderIds: readonly string[]): Promise<readonly OrderRequest[]>
  /** Forgets requests from before `before` (epoch ms), the oldest first and at most `limit`; returns how many. Their keys are free again. */
  purge(before: number, limit: number): Promise<number>
}
