import { type EffectsOf, postEffect } from '#orchestration'
import type { ShippingConfig } from './config.ts'
import type { DeliveryAnswer, RecallAnswer, shippingMachine } from './machine.ts'

/** The work behind the machine's actors: calls to the carrier. A refusal is an answer, not an error. */
export function shippingEffects(config: ShippingConfig): EffectsOf<typeof shippingMachine> {
  const post = { timeout: config.SHIPPING_CALL_TIMEOUT }
  const dependency = { name: 'carrier', concurrency: config.SHIPPING_CONCURRENCY }
  return {
    deliverParcel: {
      dependency,
      deadline: config.SHIPPING_DELIVERY_DEADLINE,
      run: (call) =>
        postEffect<DeliveryAnswer>(
          { ...post, url: `${config.SANDBOX_URL}/shipments`, body: call.input },
          call,
        ),
    },
    // Without a deadline: whether the parcel is on its way must be found out.
    recallParcel: {
      dependency,
      run: (call) =>
        postEffect<RecallAnswer>(
          { ...post, url: `${config.SANDBOX_URL}/shipments/recalls`, body: call.input },
          call,
        ),
    },
  }
}
