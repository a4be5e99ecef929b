import { z } from 'zod'
import 'zod-openapi'
import { currency } from '../catalogue.ts'

const text = (max: number) => z.string().trim().min(1).max(max)
const minorUnits = z.int().nonnegative()
const instant = z.iso.datetime()

const address = z
  .strictObject({
    name: text(200),
    street: text(200),
    city: text(100),
    postcode: text(16),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .meta({ description: 'ISO 3166-1 alpha-2.' }),
  })
  .meta({ id: 'Address', description: 'Where the parcel goes.' })

/** `POST /orders`. Unknown fields are refused: a client that sends an amount should learn that it does not count. */
export const placeOrderBody = z
  .strictObject({
    customerId: text(100),
    items: z
      .array(
        z.strictObject({
          sku: text(64).meta({
            description: 'One of the catalogue, which stands in the description of this document.',
          }),
          quantity: z.int().min(1).max(100),
        }),
      )
      .min(1)
      .max(50),
    paymentToken: text(200).meta({ description: 'The payment provider’s token for the means of payment.' }),
    shipTo: address,
  })
  .meta({
    id: 'PlaceOrder',
    example: {
      customerId: 'customer-1',
      items: [{ sku: 'MUG-1', quantity: 2 }],
      paymentToken: 'tok_ok',
      shipTo: {
        name: 'Ada Example',
        street: 'Main Street 1',
        city: 'Berlin',
        postcode: '10115',
        country: 'DE',
      },
    },
  })

/** `POST /orders/{orderId}/cancellation`. */
export const cancelOrderBody = z
  .strictObject({ reason: text(200).default('customer-request') })
  .meta({ id: 'CancelOrder', example: { reason: 'ordered twice' } })

const machineStates = [
  'new',
  'paying',
  'shipping',
  'cancelling',
  'delivered',
  'declined',
  'cancelled',
] as const

/** Query of `GET /orders`. */
export const listOrdersQuery = z.strictObject({
  state: z.enum(machineStates).optional().meta({ description: 'Only orders in this state.' }),
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ description: 'Orders per page.' }),
  cursor: text(200).optional().meta({ description: 'From the `next` link of the page before.' }),
})

const state = z.enum(['accepted', ...machineStates]).meta({
  id: 'OrderState',
  description:
    '`accepted`: the command is in Kafka, the order service has not taken it up yet. `delivered`, `declined` and `cancelled` are final.',
})

const orderId = z
  .string()
  .meta({ description: 'The order.', example: '01890a5d-ac96-774b-bcce-b302099a8057' })
const amount = minorUnits.meta({ description: 'In minor units of the currency (cents).', example: 2900 })

const step = z
  .object({
    seq: z.int().positive(),
    at: instant,
    cause: z
      .object({
        kind: z.enum(['event', 'timer', 'answer', 'retry', 'unstarted', 'poison', 'command']),
        id: z.string(),
        type: z.string().optional().meta({ description: 'The event’s type.' }),
        source: z.string().optional().meta({ description: 'Who said it.' }),
      })
      .meta({ description: 'Why the step was taken.' }),
    outcome: z.enum(['applied', 'deferred', 'ignored', 'held']),
    state,
    emitted: z.array(z.string()).meta({ description: 'Types of the events that the step published.' }),
  })
  .meta({ id: 'Step', description: 'One step of the order’s story.' })

/** An order, everywhere it is shown whole. */
export const order = z
  .object({
    orderId,
    state,
    ended: z.boolean().meta({ description: 'Nothing will happen any more.' }),
    amount,
    currency: z.string().length(3).meta({ example: currency }),
    items: z.array(z.object({ sku: z.string(), quantity: z.int(), unitPrice: minorUnits })),
    placedAt: instant.meta({
      description: 'When the order service took it up; before that, when the API did.',
    }),
    updatedAt: instant,
    reason: z.string().optional().meta({ description: 'Why it was declined or cancelled.' }),
    history: z.array(step),
  })
  .meta({ id: 'Order' })

/** A page of orders, newest first. */
export const orderList = z
  .object({
    orders: z.array(order.omit({ items: true, history: true, reason: true }).meta({ id: 'OrderSummary' })),
    next: z.string().optional().meta({ description: 'Cursor of the next page; absent on the last one.' }),
  })
  .meta({ id: 'OrderList' })

/** RFC 9457, with a stable code and the faults of a refused request. */
export const problemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().meta({ description: 'JSON pointer.' }), detail: z.string() }))
      .optional(),
    traceId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

const checks = z.record(z.string(), z.union([z.literal('ok'), z.string()]))

export const ready = z.object({ status: z.literal('ready'), checks }).meta({ id: 'Ready' })
export const notReady = problemDocument
  .extend({ checks: checks.meta({ description: '`ok`, or what is missing.' }) })
  .meta({ id: 'NotReady' })
export const live = z.object({ status: z.literal('live') }).meta({ id: 'Live' })

export type OrderDocument = z.infer<typeof order>
export type OrderSummary = z.infer<typeof orderList>['orders'][number]
export type OrderState = z.infer<typeof state>
export type StepDocument = z.infer<typeof step>
export type ProblemDocument = z.infer<typeof problemDocument>
export type PlaceOrderBody = z.infer<typeof placeOrderBody>
export type ListOrdersQuery = z.infer<typeof listOrdersQuery>
