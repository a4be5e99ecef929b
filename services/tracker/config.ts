import { z } from 'zod'

/** Settings of the tracker, from the environment. */
export const trackerConfig = z.object({
  TRACKER_PORT: z.coerce.number().int().min(0).max(65_535).default(3003),
  CHORUS_TRACKER_REBUILD: z.stringbool().default(false),
  /** Whether sagas can be operated over HTTP. */
  CONSOLE_WRITE: z.stringbool().default(false),
  /** What the console calls this place. */
  CHORUS_ENVIRONMENT: z.string().default('local'),
  /** Base of Jaeger's query API; without it no traces are shown. */
  JAEGER_URL: z.url().optional(),
})
