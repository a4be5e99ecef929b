import { type Producer, resolution } from '#messaging'
import type { JournalRow } from '../../journal.ts'
import type { OperatorContext, Verdict } from '../context.ts'
import { outcomeOf, patience, whenTaken } from '../outcomes.ts'
import { sendAll } from '../send.ts'
import { type Attempt, commandMessage, type LetterWish, nextAttempt } from './attempt.ts'
import type { Letter } from './letters.ts'
import { isTooLarge, readOriginals } from './originals.ts'
import { prospect } from './prospect.ts'

export type LetterResult =
  | 'redriven'
  | 'discarded'
  | 'held again'
  | 'ignored'
  | 'refused'
  | 'sent'
  | 'not taken'

/** What came of the wish about one letter. */
export type LetterOutcome = {
  readonly result: LetterResult
  readonly verdict: Verdict
  readonly text: string
}

type Tell = (letter: Letter, outcome: LetterOutcome) => void

export type LetterRun = {
  readonly wish: LetterWish
  /** Wait until the participants have taken the commands. */
  readonly wait: boolean
  /** Is told once per letter, as soon as it is known. */
  readonly tell: Tell
  /** How far it is, in words. */
  readonly progress: (line: string) => void
}

type Run = LetterRun & { readonly context: OperatorContext }

/**
 * Redrives or discards letters, which need their values for a redrive. A letter is resolved when what comes of its command is known:
 * whatever stops this in the middle, the letters that are left are still open, and the same wish again goes on without doing
 * anything twice. Rejects with a `RetryableError` when broker or store do not answer.
 */
export async function resolveLetters(
  context: OperatorContext,
  letters: readonly Letter[],
  options: LetterRun,
): Promise<void> {
  const run = { ...options, context }
  const { wish, tell } = run
  const able = letters.filter((letter) => {
    const { is, text } = prospect(letter, wish.command, context.participants)
    if (is === 'done') tell(letter, { result: became(wish), verdict: 'done', text })
    if (is === 'refused') tell(letter, refused(text))
    return is === 'open'
  })
  const producer = await context.infrastructure.broker.producer()
  try {
    const plain = able.filter((letter) => wish.command === 'discard' && letter.row === undefined)
    await record(producer, plain, run)
    for (const letter of plain) tell(letter, { result: 'discarded', verdict: 'done', text: 'discarded' })
    const held = able.filter((letter) => !plain.includes(letter))
    await command(producer, held, run)
  } finally {
    await producer.close()
  }
}

async function command(producer: Producer, letters: readonly Letter[], run: Run): Promise<void> {
  const { context, wish, wait, tell, progress } = run
  const attempts: Attempt[] = []
  for (const letter of letters) {
    attempts.push(await nextAttempt(context, letter, wish.command))
    progress(`looking: ${attempts.length} of ${letters.length}`)
  }
  await settle(
    producer,
    attempts.flatMap((attempt) => (attempt.row ? [[attempt, attempt.row] as const] : [])),
    run,
  )
  const sent = await send(
    producer,
    attempts.filter(({ row }) => !row),
    run,
  )
  if (!wait) {
    const text = 'sent; it stays open until what came of it is seen'
    for (const { letter } of sent) tell(letter, { result: 'sent', verdict: 'waits', text })
    return
  }
  const missing = await whenTaken(context, sent, (taken) => settle(producer, taken, run))
  for (const { letter } of missing) {
    const text = `sent, but ${letter.group} has not taken it within ${patience / 1_000} s: is it running? The command waits for it.`
    tell(letter, { result: 'not taken', verdict: 'failed', text })
  }
}

/** Resolves with those that are on their way. */
async function send(producer: Producer, attempts: readonly Attempt[], run: Run): Promise<readonly Attempt[]> {
  const { context, wish, tell, progress } = run
  const large = wish.command === 'redrive' ? attempts.map(({ letter }) => letter).filter(isTooLarge) : []
  const originals = await readOriginals(context, large)
  const lost = new Set<Attempt>()
  for (const attempt of attempts) {
    if (!large.includes(attempt.letter) || originals.has(attempt.letter.id)) continue
    lost.add(attempt)
    const text =
      'its value was too large for the dead letters, and its topic no longer holds it: it can only be discarded'
    tell(attempt.letter, refused(text))
  }
  const rest = attempts.filter((attempt) => !lost.has(attempt))
  await sendAll(
    producer,
    rest,
    (attempt) => commandMessage(attempt, wish, originals.get(attempt.letter.id)),
    {
      onSent: (count) => progress(`sent: ${count} of ${rest.length}`),
      onRefused(attempt, error) {
        lost.add(attempt)
        tell(attempt.letter, refused(error.message))
      },
    },
  )
  return rest.filter((attempt) => !lost.has(attempt))
}

/** What has come of commands: the letters that are dealt with get their resolution, then each is told. */
async function settle(
  producer: Producer,
  taken: readonly (readonly [Attempt, JournalRow])[],
  run: Run,
): Promise<void> {
  const { wish, tell } = run
  const discards = wish.command === 'discard'
  // Without a hold there is nothing to discard in the saga: the letter alone was left.
  const dealtWith = taken
    .filter(([, row]) => discards || row.outcome !== 'ignored')
    .map(([{ letter }]) => letter)
  await record(producer, dealtWith, run)
  for (const [{ letter }, row] of taken) {
    tell(letter, discards ? discarded(row) : redriven(row))
  }
}

function discarded(row: JournalRow): LetterOutcome {
  return { result: 'discarded', verdict: 'done', text: `discarded, ${outcomeOf(row).text}` }
}

function redriven(row: JournalRow): LetterOutcome {
  const { result, text, verdict } = outcomeOf(row)
  if (result === 'held') return { result: 'held again', verdict, text: `redriven, and failed again: ${text}` }
  if (result === 'ignored') return { result, verdict, text: `still open; redrive ${text}` }
  return { result: 'redriven', verdict, text: `redriven, ${text}` }
}

const refused = (text: string): LetterOutcome => ({ result: 'refused', verdict: 'failed', text })

const became = ({ command }: LetterWish) => (command === 'redrive' ? 'redriven' : 'discarded')

/** The audit record. */
async function record(producer: Producer, letters: readonly Letter[], { context, wish }: Run): Promise<void> {
  const { by, reason } = wish
  const at = context.clock.now()
  await sendAll(
    producer,
    letters,
    ({ id, group, saga, failure }) =>
      resolution(group, saga, { letter: id, failure, became: became(wish), by, reason, at }),
    {
      onRefused(_, error) {
        throw error
      },
    },
  )
}
