import { z } from 'zod'

/** Settings of the tracker, from the environment. */
export const trackerConfig = z.object({
  TRACKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3003),
})
