import { absolute, duration, moment } from '../format/durations.ts'
import { useClock, useNow } from './clock.ts'

/** A moment as the chosen clock says it; in full, in UTC, to whoever points at it. */
export function Time({ at }: { readonly at: string }) {
  const [clock] = useClock()
  return (
    <time dateTime={at} title={absolute(at)}>
      {moment(at, clock, useNow())}
    </time>
  )
}

/** How long something takes that began then and has not ended. */
export function Age({ since, until }: { readonly since: string; readonly until?: string | undefined }) {
  const now = useNow()
  const end = until ? Date.parse(until) : now
  return <span title={`since ${absolute(since)}`}>{duration(end - Date.parse(since))}</span>
}
