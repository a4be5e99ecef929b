import { z } from 'zod'
import { recallTrouble, shipmentTrouble } from './behaviour.ts'
import { isDelivery } from './ledger.ts'
import type { Decision, Operation } from './operation.ts'

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
    const { postcode } = shipTo
    if (past.some((entry) => entry.kind === 'recall')) return refused('recalled', postcode)
    if (postcode === '00000') return refused('out of stock', postcode)
    if (postcode === '00003') return refused('lost the order', postcode)
    return {
      answer: { status: 'delivered', shipmentId: `shp_${id}`, trackingNumber: id.slice(0, 12).toUpperCase() },
      postcode,
    }
  },
}

/** Calls the parcel back; when it is delivered already, says so. */
export const recall: Operation<z.infer<typeof recallRequest>> = {
  kind: 'recall',
  party: 'carrier',
  request: recallRequest,
  trouble: (_, past) => recallTrouble(past.find((entry) => entry.kind === 'shipment')?.postcode),
  decide(_, past) {
    return { answer: past.find(isDelivery)?.answer ?? { status: 'recalled' } }
  },
}

function refused(reason: string, postcode: string): Decision {
  return { answer: { status: 'refused', reason }, postcode }
}
