import { z } from 'zod'
import { type Clock, systemClock } from '../clock.ts'
import { readConfig } from './config.ts'
import type { Environment } from './infrastructure.ts'

const clockConfig = z.object({
  /** Milliseconds by which this process takes the time to be later than its machine says; negative for earlier. */
  CHORUS_CLOCK_OFFSET: z.coerce.number().int().default(0),
})

/**
 * The clock of a process: its machine's, moved by `CHORUS_CLOCK_OFFSET`. Clocks of machines differ, and with this a test can have
 * them differ. Throws a `TerminalError` when the offset is not a whole number.
 */
export function clockFrom(environment: Environment): Clock {
  const offset = readConfig(clockConfig, environment).CHORUS_CLOCK_OFFSET
  return offset === 0 ? systemClock : { ...systemClock, now: () => systemClock.now() + offset }
}
