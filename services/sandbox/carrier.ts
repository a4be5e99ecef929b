import { z } from 'zod'
import { shipmentTrouble } from './behaviour.ts'
import { isDelivery } from './ledger.ts'
import type { Operation } from './operation.ts'

const shipmentRequest = z.object({
  orderId: z.string().min(1),
  items: z.array(z.object({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
  shipTo: z.object({
    name: z.string().min(1),
    street: z.string().min(1),
    city: z.string().min(1),
    postcode: z.string().min(1),
    country: z.string().min(1),
  }),
})

const recallRequest = z.object({ orderId: z.string().min(1) })

/** Has the parcel delivered. A recalled order is never delivered any more. */
export const shipment: Operation<z.infer<typeof shipmentRequest>> = {
  kind: 'shipment',
  party: 'carrier',
  request: shipmentRequest,
  trouble: ({ shipTo }) => shipmentTrouble(shipTo.postcode),
  decide({ shipTo }, past, id) {
    if (past.some((entry) => entry.kind === 'recall')) return refused('recalled')
    if (shipTo.postcode === '00000') return refused('out of stock')
    return {
      answer: { status: 'delivered', shipmentId: `shp_${id}`, trackingNumber: id.slice(0, 12).toUpperCase() },
    }
  },
}

/** Calls the parcel back; when it is delivered already, says so. */
export const recall: Operation<z.infer<typeof recallRequest>> = {
  kind: 'recall',
  party: 'carrier',
  request: recallRequest,
  trouble: () => ({}),
  decide(_, past) {
    return { answer: past.find(isDelivery)?.answer ?? { status: 'recalled' } }
  },
}

function refused(reason: string) {
  return { answer: { status: 'refused', reason } }
}
