import type { z } from 'zod'
import { Problem } from './problem.ts'

/** The value as the schema makes it, or a problem that tells every fault. */
export function valid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const faults = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Problem('invalid-request', faults.join('; '))
}
