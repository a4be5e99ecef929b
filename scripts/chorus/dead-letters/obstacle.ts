import type { Wish } from './attempt.ts'
import type { Letter } from './letters.ts'
import { timeText } from './view.ts'

/** What became of the letter before, when it is what is wished for now. */
export function doneAlready({ resolved }: Letter, command: Wish['command']): string | undefined {
  if (resolved?.became !== (command === 'redrive' ? 'redriven' : 'discarded')) return undefined
  return `${resolved.became} already, at ${timeText(resolved.at)} by ${resolved.by}: ${resolved.reason}`
}

/** Why a letter cannot be redriven or discarded. */
export function obstacle(
  { group, saga, resolved }: Letter,
  command: Wish['command'],
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

/** What a real run would do. */
export function intention({ group, saga, type, row }: Letter, command: Wish['command']): string {
  const event = type ?? 'the record'
  if (command === 'redrive')
    return `would give ${event} to ${group} again${row ? `, for row ${row}, which holds saga ${saga}` : ''}`
  return row
    ? `would go on without ${event}: releases row ${row} of saga ${saga}`
    : `would close it: nothing is held`
}
