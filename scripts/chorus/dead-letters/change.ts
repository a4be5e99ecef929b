import {
  type Letter,
  type LetterOutcome,
  type LetterWish,
  type OperatorContext,
  prospect,
  readLetters,
  resolveLetters,
} from '#orchestration/operations'
import { type ChangeOptions, reasonOf } from '../change.ts'
import { confirmed } from '../confirm.ts'
import { UsageError } from '../errors.ts'
import type { Mark, Telling } from '../output.ts'
import { groupsOf, isSelected, named, type Selection, shortId } from './selection.ts'

export type ChangeLetters = Selection & ChangeOptions & { readonly all?: boolean; readonly yes?: boolean }

/** Refuses a command line that does not say why, or which letters, or says it twice. */
export function checkChange(ids: readonly string[], options: ChangeLetters): void {
  const { all, group, code, type, saga, since } = options
  reasonOf(options)
  const filtered = [group, code, type, saga, since].some((given) => given !== undefined)
  if (ids.length > 0 && (filtered || all)) throw new UsageError('Name letters, or filter them, not both.')
  if (ids.length === 0 && !filtered && !all)
    throw new UsageError(
      'Which letters? Name them, filter them (--group, --code, --type, --saga, --since), or take --all that are open.',
    )
}

/** Redrives or discards the letters. Resolves with how many could not be dealt with. */
export async function changeLetters(
  context: OperatorContext,
  ids: readonly string[],
  command: LetterWish['command'],
  options: ChangeLetters,
  { output, terminal }: Telling,
): Promise<number> {
  const { by, dryRun, wait, yes = false } = options
  const reason = reasonOf(options)
  const { letters, unknown } = await choose(context, ids, options, command)
  const counts = new Map<string, number>()
  let failed = unknown.length
  function tell(letter: Letter, result: string, mark: Mark, text: string): void {
    counts.set(result, (counts.get(result) ?? 0) + 1)
    if (mark === 'failed') failed++
    const { id, group, saga } = letter
    const value = { letter: id, group, saga: saga || null, result, ok: mark !== 'failed', detail: text }
    output.result(value, mark, `${shortId(id)}  ${group}  ${saga || '(no key)'}  ${text}`)
  }

  for (const id of unknown) terminal.err(`✗ No dead letter's id begins with "${id}".`)
  if (dryRun) {
    for (const letter of letters) {
      const { is, text } = prospect(letter, command, context.participants)
      if (is === 'refused') tell(letter, 'refused', 'failed', text)
      else tell(letter, is === 'done' ? 'done already' : `would ${command}`, 'would', text)
    }
  } else {
    const question = `${command === 'redrive' ? 'Redrive' : 'Discard'} ${letters.length} letters`
    if (!(await confirmed(terminal, question, { count: letters.length, yes }))) {
      terminal.err('Nothing was done.')
      return letters.length
    }
    await resolveLetters(context, letters, {
      wish: { command, by, reason },
      wait,
      tell: (letter, { result, verdict, text }: LetterOutcome) => tell(letter, result, verdict, text),
      progress: terminal.progress,
    })
  }
  terminal.err(sum(counts))
  return failed
}

async function choose(
  context: OperatorContext,
  ids: readonly string[],
  selection: Selection,
  command: LetterWish['command'],
): Promise<{ readonly letters: readonly Letter[]; readonly unknown: readonly string[] }> {
  const isMeant = (letter: Letter) =>
    ids.length > 0 ? ids.some((id) => letter.id.startsWith(id.toLowerCase())) : isSelected(letter, selection)
  // Only a redrive needs the values.
  const keeps = command === 'redrive' ? isMeant : undefined
  const { letters } = await readLetters(context, groupsOf(selection, context), keeps)
  if (ids.length === 0)
    return { letters: letters.filter((letter) => isMeant(letter) && !letter.resolved), unknown: [] }
  const { found, unknown } = named(letters, ids)
  return { letters: found, unknown }
}

function sum(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'No open letter is concerned.'
  return [...counts].map(([result, count]) => `${count} ${result}`).join(', ')
}
