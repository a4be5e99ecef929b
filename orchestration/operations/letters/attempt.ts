import { v5 as uuidv5 } from 'uuid'
import type { OutgoingMessage } from '#messaging'
import { type Control, controlMessage } from '../../control.ts'
import type { JournalRow } from '../../journal.ts'
import type { OperatorContext } from '../context.ts'
import type { Asked } from '../outcomes.ts'
import type { Letter } from './letters.ts'

/** How letters are to be resolved, by whom and why. */
export type LetterWish = {
  readonly command: 'redrive' | 'discard'
  readonly by: string
  readonly reason: string
}

/** The command about one letter, and its row when the participant has taken it already. */
export type Attempt = Asked & { readonly letter: Letter; readonly row?: JournalRow }

const commandIds = '4f7a3c1e-6b0d-5a2f-8c39-2d1e7b905a64'

/**
 * The same letter gives the same command, however often it is asked for, until nothing came of it: then the next one is new, since
 * the reason may have been mended meanwhile.
 */
function commandId({ id, failure }: Letter, command: LetterWish['command'], attempt: number): string {
  return uuidv5(`${id}/${failure}/${command}/${attempt}`, commandIds)
}

export async function nextAttempt(
  { infrastructure }: OperatorContext,
  letter: Letter,
  command: LetterWish['command'],
): Promise<Attempt> {
  const { group: participant, saga: sagaId } = letter
  const rows = await (await infrastructure.store(participant)).history(sagaId)
  const asked = { letter, participant, sagaId, after: rows.length }
  for (let attempt = 0; ; attempt++) {
    const id = commandId(letter, command, attempt)
    const row = rows.find(({ cause }) => cause.kind === 'command' && cause.id === id)
    if (!row) return { ...asked, id }
    if (row.outcome !== 'ignored') return { ...asked, id, row }
  }
}

/** A redrive carries the letter itself, so that key, headers and trace stay; `value` is given when the letter holds none. */
export function commandMessage(
  { id, letter }: Attempt,
  { command, by, reason }: LetterWish,
  value = letter.record.value,
): OutgoingMessage {
  const { group, saga, row, record } = letter
  const control: Control = { id, command, by, reason, ...(row !== undefined && { row }) }
  return command === 'redrive'
    ? controlMessage(group, saga, control, { value, headers: record.headers })
    : controlMessage(group, saga, control)
}
