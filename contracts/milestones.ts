import type { events } from './generated/index.ts'

/**
 * The way that an order is meant to go, in the words of whoever answers a customer, each step with the event that says it is done. For those who
 * show how far an order is; no participant reads it.
 */
export const milestones = [
  { name: 'Placed', type: 'OrderPlaced' },
  { name: 'Paid', type: 'PaymentCaptured' },
  { name: 'Handed over', type: 'OrderPaid' },
  { name: 'Delivered', type: 'ShipmentDelivered' },
  { name: 'Completed', type: 'OrderDelivered' },
] as const satisfies readonly { readonly name: string; readonly type: keyof typeof events }[]
