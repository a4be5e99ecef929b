import { z } from 'zod'

/** Settings of the sandbox, from the environment. */
export const sandboxConfig = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).default(4010),
  /** File of the ledger. Without it the ledger is kept in memory and ends with the process. */
  SANDBOX_LEDGER: z.string().min(1).optional(),
})
