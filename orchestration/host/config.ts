import type { ZodType } from 'zod'
import { TerminalError } from '#messaging'
import type { Environment } from './infrastructure.ts'

/** Reads a service's settings once. Throws a `TerminalError` that lists every wrong setting with what it got and what was expected. */
export function readConfig<T>(schema: ZodType<T>, environment: Environment): T {
  const parsed = schema.safeParse(environment)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.')
    return `- ${name}: got ${JSON.stringify(environment[name] ?? null)}, ${message}`
  })
  throw new TerminalError(`The settings in the environment are wrong:\n${faults.join('\n')}`, {
    code: 'CHORUS_CONFIG',
  })
}
