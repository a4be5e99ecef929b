import { type ChangeOptions, reasonOf } from '../change.ts'
import { confirmed } from '../confirm.ts'
import { UsageError } from '../errors.ts'
import type { Mark, Output } from '../output.ts'
import type { World } from '../surroundings.ts'
import type { Terminal } from '../terminal.ts'
import type { Wish } from './attempt.ts'
import { type Letter, readLetters } from './letters.ts'
import { doneAlready, intention, obstacle } from './obstacle.ts'
import { resolveLetters } from './resolve.ts'
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
  world: World,
  ids: readonly string[],
  command: Wish['command'],
  options: ChangeLetters,
  { output, terminal }: { readonly output: Output; readonly terminal: Terminal },
): Promise<number> {
  const { by, dryRun, wait, yes = false } = options
  const reason = reasonOf(options)
  const { letters, unknown } = await choose(world, ids, options, command)
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
      const done = doneAlready(letter, command)
      const why = done ? undefined : obstacle(letter, command, world.participants)
      if (why) tell(letter, 'refused', 'failed', why)
      else
        tell(letter, done ? 'done already' : `would ${command}`, 'would', done ?? intention(letter, command))
    }
  } else {
    const question = `${command === 'redrive' ? 'Redrive' : 'Discard'} ${letters.length} letters`
    if (!(await confirmed(terminal, question, { count: letters.length, yes }))) {
      terminal.err('Nothing was done.')
      return letters.length
    }
    await resolveLetters(letters, {
      world,
      wish: { command, by, reason },
      wait,
      tell,
      progress: terminal.progress,
    })
  }
  terminal.err(sum(counts))
  return failed
}

async function choose(
  world: World,
  ids: readonly string[],
  selection: Selection,
  command: Wish['command'],
): Promise<{ readonly letters: readonly Letter[]; readonly unknown: readonly string[] }> {
  const isMeant = (letter: Letter) =>
    ids.length > 0 ? ids.some((id) => letter.id.startsWith(id.toLowerCase())) : isSelected(letter, selection)
  // Only a redrive needs the values.
  const keeps = command === 'redrive' ? isMeant : undefined
  const { letters } = await readLetters(world, groupsOf(selection, world), keeps)
  if (ids.length === 0)
    return { letters: letters.filter((letter) => isMeant(letter) && !letter.resolved), unknown: [] }
  const { found, unknown } = named(letters, ids)
  return { letters: found, unknown }
}

function sum(counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'No open letter is concerned.'
  return [...counts].map(([result, count]) => `${count} ${result}`).join(', ')
}
