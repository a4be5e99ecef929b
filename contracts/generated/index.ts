// Made from the .avsc files by `npm run contracts:generate`. Do not edit.
import { orderContracts } from './order.ts'
import { paymentContracts } from './payment.ts'
import { shippingContracts } from './shipping.ts'

export type * from './order.ts'
export type * from './payment.ts'
export type * from './shipping.ts'

/** Every event and command, by type. */
export const events = { ...orderContracts, ...paymentContracts, ...shippingContracts }
