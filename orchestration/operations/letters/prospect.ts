import { timeText } from '../time-text.ts'
import type { LetterWish } from './attempt.ts'
import type { Letter } from './letters.ts'

/** What would come of a wish about a letter. `done`: it was done before; `refused`: it cannot be. */
export type Prospect = { readonly is: 'open' | 'done' | 'refused'; readonly text: string }

/** Tells what a real run would do with the letter, and does nothing. */
export function prospect(
  letter: Letter,
  command: LetterWish['command'],
  participants: readonly string[],
): Prospect {
  const done = doneAlready(letter, command)
  if (done !== undefined) return { is: 'done', text: done }
  const why = obstacle(letter, command, participants)
  if (why !== undefined) return { is: 'refused', text: why }
  return { is: 'open', text: intention(letter, command) }
}

function doneAlready({ resolved }: Letter, command: LetterWish['command']): string | undefined {
  if (resolved?.became !== (command === 'redrive' ? 'redriven' : 'discarded')) return undefined
  return `${resolved.became} already, at ${timeText(resolved.at)} by ${resolved.by}: ${resolved.reason}`
}

function obstacle(
  { group, saga, resolved }: Letter,
  command: LetterWish['command'],
  participants: readonly string[],
): string | undefined {
  if (!participants.includes(group))
    return `"${group}" is none of the participants, so nobody would take the command`
  if (command === 'discard') return resolved && 'it cannot be discarded: it was redriven'
  if (saga !== '') return undefined
  return (
    'it cannot be redriven: its record had no key, so no saga is known that would take it. ' +
    'Discard it, and have its sender say it again with a key'
  )
}

function intention({ group, saga, type, row }: Letter, command: LetterWish['command']): string {
  const event = type ?? 'the record'
  if (command === 'redrive')
    return `would give ${event} to ${group} again${row ? `, for row ${row}, which holds saga ${saga}` : ''}`
  return row
    ? `would go on without ${event}: releases row ${row} of saga ${saga}`
    : `would close it: nothing is held`
}
