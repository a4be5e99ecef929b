import { z } from 'zod'
import type { HousekeepingWishes } from '../housekeeping/housekeeping.ts'
import { readConfig } from './config.ts'
import type { Environment } from './infrastructure.ts'

const milliseconds = z.coerce.number().int().positive().optional()

const settings = z.object({ CHORUS_ARCHIVE_AFTER: milliseconds, CHORUS_KEEP_ARCHIVED: milliseconds })

/**
 * What the environment wishes of the housekeeping, in milliseconds: `CHORUS_ARCHIVE_AFTER` and `CHORUS_KEEP_ARCHIVED`. Throws a
 * `TerminalError` for a setting that is no such number.
 */
export function housekeepingFrom(environment: Environment): HousekeepingWishes {
  const { CHORUS_ARCHIVE_AFTER, CHORUS_KEEP_ARCHIVED } = readConfig(settings, environment)
  return { archiveAfter: CHORUS_ARCHIVE_AFTER, keepArchived: CHORUS_KEEP_ARCHIVED }
}
