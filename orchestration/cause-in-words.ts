import type { Cause } from './journal.ts'
import { eventName } from './machine/event-name.ts'

/** A cause in a few words, without ids of its own: `MealOrdered`, `after patience`, `cook answers`. */
export function causeInWords(cause: Cause): string {
  switch (cause.kind) {
    case 'event':
      return cause.type
    case 'timer':
      return eventName(startedId(cause.id))
    case 'answer':
      return eventName(`xstate.${cause.status}.actor.${startedId(cause.id)}`)
    case 'retry':
      return `${startedId(cause.id)} fails`
    case 'unstarted':
      return 'nobody starts it'
    case 'poison':
      return `poison ${cause.code}`
    case 'command':
      return `${cause.command} by an operator`
  }
}

/** Timers and effects have keys of the form `<id>@<seq>`. */
function startedId(key: string): string {
  return key.slice(0, key.lastIndexOf('@'))
}
