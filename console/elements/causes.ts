import type { CauseKind, SagaSummary } from '../../services/tracker/api.ts'
import type { IconName } from './Icon.tsx'
import type { Tone } from './Status.tsx'

type CauseWords = {
  readonly word: string
  readonly icon: IconName
  /** What the operator does about it. */
  readonly remedy: string
}

/** Every reason for which a saga does not go on, in the order in which the tracker looks for them. */
export const causes: Readonly<Record<CauseKind, CauseWords>> = {
  'dead-letter': {
    word: 'Dead letter',
    icon: 'dead-letters',
    remedy: 'Mend the cause, then redrive the letter, or discard it.',
  },
  paused: {
    word: 'Paused',
    icon: 'pause',
    remedy: 'An operator has paused it; resume it when the reason is gone.',
  },
  'no-consumer': {
    word: 'No consumer',
    icon: 'stuck',
    remedy: 'No member of the service’s group is running: start the service.',
  },
  lag: {
    word: 'Lag',
    icon: 'lag',
    remedy: 'The service is behind: give it more replicas, or wait until it has caught up.',
  },
  retry: {
    word: 'Retrying',
    icon: 'effect',
    remedy: 'A call has failed and is tried again; look at its last error.',
  },
  overdue: {
    word: 'Overdue',
    icon: 'clock',
    remedy: 'Its timer should have fired: look at the service that owns it.',
  },
  person: {
    word: 'Needs a person',
    icon: 'person',
    remedy: 'Nothing goes on by itself: decide, and send the signal it waits for.',
  },
  ignored: {
    word: 'Event ignored',
    icon: 'dead-letters',
    remedy: 'It came when its state had no use for it: compare path and definition.',
  },
  working: { word: 'Working', icon: 'running', remedy: 'Nothing to do: a call is under way.' },
  waiting: { word: 'Waiting', icon: 'waiting', remedy: 'Nothing to do: it is within its deadline.' },
}

/** A saga's status in a word, with the icon and tone that say the same. */
export function statusOf({ state, why, ending, isCompensating, hasCompensated }: SagaSummary): {
  readonly word: string
  readonly icon: IconName
  readonly tone: Tone
} {
  if (state === 'ended')
    return {
      word: ending ?? 'ended',
      icon: hasCompensated ? 'undo' : 'check',
      tone: hasCompensated ? 'calm' : 'good',
    }
  if (why?.isStuck) return { word: causes[why.cause].word, icon: causes[why.cause].icon, tone: 'bad' }
  if (isCompensating) return { word: 'Compensating', icon: 'undo', tone: 'warn' }
  return state === 'running'
    ? { word: 'Running', icon: 'running', tone: 'accent' }
    : { word: 'Waiting', icon: 'waiting', tone: 'calm' }
}
