import { recall, shipment } from '../services/sandbox/carrier.ts'
import type { Operation } from '../services/sandbox/operation.ts'
import { capture, refund } from '../services/sandbox/payment-provider.ts'

// biome-ignore lint/suspicious/noExplicitAny: each operation checks its request by itself.
export type AnyOperation = Operation<any>

/** What the sandbox does for each effect that calls it. */
export const operations: Readonly<Record<string, AnyOperation>> = {
  capturePayment: capture,
  refundPayment: refund,
  deliverParcel: shipment,
  recallParcel: recall,
}
