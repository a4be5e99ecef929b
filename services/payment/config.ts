import { z } from 'zod'

/** Settings of the payment service, from the environment. Times in milliseconds. */
export const paymentConfig = z.object({
  PAYMENT_PORT: z.coerce.number().int().min(0).default(3001),
  /** Where the payment provider answers. */
  SANDBOX_URL: z.url().default('http://127.0.0.1:4010'),
  /** One call to the provider; a call that takes longer is repeated under the same key. */
  PAYMENT_CALL_TIMEOUT: z.coerce.number().int().positive().default(2_000),
  /** Calls to the provider at the same time. */
  PAYMENT_CONCURRENCY: z.coerce.number().int().positive().default(128),
  /** All attempts at a capture together; then whatever was taken is given back. */
  PAYMENT_CAPTURE_DEADLINE: z.coerce.number().int().positive().default(30_000),
  /** Rest before a refused refund is asked for again. */
  PAYMENT_REFUND_PAUSE: z.coerce.number().int().positive().default(30_000),
  /** How often a refund may be refused before it waits for a person. */
  PAYMENT_REFUND_ATTEMPTS: z.coerce.number().int().positive().default(3),
})

export type PaymentConfig = z.infer<typeof paymentConfig>
