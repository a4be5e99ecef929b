import type { Overview } from '../../../services/tracker/api.ts'

type Minutes = Overview['minutes']

const atLeast = 15

/** The minutes from the first one in which something happened; a quarter of an hour at least. */
export function sinceBusy(minutes: Minutes): Minutes {
  const first = minutes.findIndex(({ started, ended }) => started + ended > 0)
  return minutes.slice(first === -1 ? -atLeast : Math.min(first, Math.max(0, minutes.length - atLeast)))
}
