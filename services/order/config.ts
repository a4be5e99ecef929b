import { z } from 'zod'

/** Settings of the order service, from the environment. Times in milliseconds. */
export const orderConfig = z.object({
  ORDER_PORT: z.coerce.number().int().min(0).default(3000),
  /** How long an order waits for its payment before it is cancelled. */
  ORDER_PAYMENT_PATIENCE: z.coerce.number().int().positive().default(60_000),
  /** Requests per minute and client address. */
  ORDER_RATE_LIMIT: z.coerce.number().int().positive().default(600),
  /** Orders that may wait to be taken up or to be paid, before new ones are refused. */
  ORDER_BACKLOG_LIMIT: z.coerce.number().int().positive().default(1_000),
})

export type OrderConfig = z.infer<typeof orderConfig>
