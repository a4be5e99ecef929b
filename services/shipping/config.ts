import { z } from 'zod'

/** Settings of the shipping service, from the environment. Times in milliseconds. */
export const shippingConfig = z.object({
  SHIPPING_PORT: z.coerce.number().int().min(0).default(3002),
  /** Where the carrier answers. */
  SANDBOX_URL: z.url().default('http://127.0.0.1:4010'),
  /** One call to the carrier; a call that takes longer is repeated under the same key. */
  SHIPPING_CALL_TIMEOUT: z.coerce.number().int().positive().default(5_000),
  /** Calls to the carrier at the same time. */
  SHIPPING_CONCURRENCY: z.coerce.number().int().positive().default(128),
  /** All attempts at a delivery together; then it is recalled. */
  SHIPPING_DELIVERY_DEADLINE: z.coerce.number().int().positive().default(60_000),
  /** Rest before a refused recall is asked for again. */
  SHIPPING_RECALL_PAUSE: z.coerce.number().int().positive().default(30_000),
  /** How often a recall may be refused before it waits for a person. */
  SHIPPING_RECALL_ATTEMPTS: z.coerce.number().int().positive().default(3),
})

export type ShippingConfig = z.infer<typeof shippingConfig>
