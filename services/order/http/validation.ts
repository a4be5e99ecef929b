import type { z } from 'zod'
import { Problem } from './problems.ts'

/** The value as the schema makes it, or a problem that points at every fault. `part` is the part of the request, for the reader. */
export function valid<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: 'body' | 'query',
): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Problem('invalid-request', `The ${part} does not fit what this address takes.`, {
    errors: result.error.issues.map(({ path, message }) => ({ pointer: pointer(path), detail: message })),
  })
}

/** RFC 6901, as a URI fragment. */
function pointer(path: readonly PropertyKey[]): string {
  return `#${path.map((step) => `/${encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`
}
