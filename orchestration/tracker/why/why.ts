import type { Story } from '../saga-machine.ts'
import { retrying, working } from './effects.ts'
import { ended, unstarted } from './endings.ts'
import { deadLettered, paused } from './held.ts'
import { ignored } from './ignored.ts'
import { overdue } from './overdue.ts'
import { waitingForPerson } from './person.ts'
import { lagging, unread } from './reading.ts'
import type { Rule, Viewpoint, Why } from './rule.ts'
import { travelling } from './travelling.ts'
import { waiting, waitingForTimer } from './waiting.ts'

/** First match wins: what holds the saga up stands before what merely takes its time. */
const rules: readonly Rule[] = [
  deadLettered,
  paused,
  unread,
  lagging,
  retrying,
  overdue,
  waitingForPerson,
  ignored,
  travelling,
  working,
  waitingForTimer,
  waiting,
  unstarted,
]

/** Why the saga does not go on right now; `null` when it has ended. */
export function whyOf(story: Story, viewpoint: Viewpoint): Why | null {
  if (story.state === 'ended') return null
  for (const rule of rules) {
    const why = rule(story, viewpoint)
    if (why) return why
  }
  throw new Error(`no rule says why saga ${story.sagaId} goes on`)
}

/** The one plain sentence that says what the saga does now, or what it waits for, from whom and until when; or how it ended. */
export function sentence(story: Story, viewpoint: Viewpoint): string {
  return whyOf(story, viewpoint)?.sentence ?? ended(story)
}
