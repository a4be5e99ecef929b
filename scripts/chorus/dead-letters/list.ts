import { type Letter, type OperatorContext, readLetters, timeText } from '#orchestration/operations'
import type { Telling } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { groupsOf, isSelected, type Selection, shortId } from './selection.ts'
import { letterColumns, letterView } from './view.ts'

/** Lists open letters, newest last; with `all` the resolved ones too. */
export async function list(
  context: OperatorContext,
  { all = false, ...selection }: Selection & { readonly all?: boolean },
  { output, terminal }: Telling,
): Promise<number> {
  const { letters, strangers } = await readLetters(context, groupsOf(selection, context))
  const selected = letters.filter((letter) => isSelected(letter, selection))
  const open = selected.filter(({ resolved }) => !resolved)
  const shown = all ? selected : open
  output.rows(shown.map(letterView), shown, letterColumns(all))
  const resolved = selected.length - open.length
  const rest = resolved > 0 && !all ? `; ${resolved} resolved (--all)` : ''
  const last = shown.at(-1)
  const next = last ? `\nNext: ./chorus dead-letters show ${shortId(last.id)}` : ''
  terminal.err(`${open.length} open${rest}${next}`)
  tellStrangers(strangers, terminal)
  return 0
}

/** Counts open letters by group, code and type, the most frequent first. */
export async function groupLetters(
  context: OperatorContext,
  { all = false, ...selection }: Selection & { readonly all?: boolean },
  { output, terminal }: Telling,
): Promise<number> {
  const { letters, strangers } = await readLetters(context, groupsOf(selection, context))
  const shown = letters.filter((letter) => isSelected(letter, selection) && (all || !letter.resolved))
  const kinds = [
    ...Map.groupBy(shown, ({ group, code, type }) => JSON.stringify([group, code, type])).values(),
  ]
    .map(kindOf)
    .sort((a, b) => b.count - a.count)
  output.rows(kinds, kinds, [
    { title: 'count', cell: ({ count }) => String(count) },
    { title: 'group', cell: ({ group }) => group },
    { title: 'code', cell: ({ code }) => code },
    { title: 'type', cell: ({ type }) => type ?? '(unknown)' },
    { title: 'first', cell: ({ first }) => timeText(Date.parse(first)) },
    { title: 'last', cell: ({ last }) => timeText(Date.parse(last)) },
    { title: 'example', cell: ({ example }) => shortId(example) },
    { title: 'reason', cell: ({ reason }) => reason },
  ])
  terminal.err(
    `${shown.length} ${all ? '' : 'open '}in ${kinds.length} ${kinds.length === 1 ? 'kind' : 'kinds'}`,
  )
  tellStrangers(strangers, terminal)
  return 0
}

/** One kind of failure; its example is the newest. */
function kindOf(letters: readonly Letter[]) {
  const [first, last] = [letters[0], letters.at(-1)] as [Letter, Letter]
  return {
    count: letters.length,
    group: last.group,
    code: last.code,
    type: last.type ?? null,
    first: new Date(first.at).toISOString(),
    last: new Date(last.at).toISOString(),
    example: last.id,
    reason: last.reason,
  }
}

function tellStrangers(count: number, { err }: Terminal): void {
  if (count > 0) err(`${count} records in the dead letter topics are no letters of ours and are left out.`)
}
