import { type Producer, resolution } from '#messaging'
import type { JournalRow } from '#orchestration'
import { outcomeOf, patience, whenTaken } from '../outcomes.ts'
import type { Mark } from '../output.ts'
import { sendAll } from '../send.ts'
import type { World } from '../surroundings.ts'
import { type Attempt, commandMessage, nextAttempt, type Wish } from './attempt.ts'
import type { Letter } from './letters.ts'
import { doneAlready, obstacle } from './obstacle.ts'
import { isTooLarge, readOriginals } from './originals.ts'

export type Result = 'redriven' | 'discarded' | 'held again' | 'ignored' | 'refused' | 'sent' | 'not taken'

/** Is told once per letter. */
export type Tell = (letter: Letter, result: Result, mark: Mark, text: string) => void

type Run = {
  readonly world: World
  readonly wish: Wish
  /** Wait until the participants have taken the commands. */
  readonly wait: boolean
  readonly tell: Tell
  readonly progress: (line: string) => void
}

/**
 * Redrives or discards letters. A letter is resolved when what comes of its command is known: whatever stops this in the middle, the
 * letters that are left are still open, and the same wish again goes on without doing anything twice.
 */
export async function resolveLetters(letters: readonly Letter[], run: Run): Promise<void> {
  const { world, wish, tell } = run
  const able = letters.filter((letter) => {
    const done = doneAlready(letter, wish.command)
    const why = obstacle(letter, wish.command, world.participants)
    if (done) tell(letter, wish.command === 'redrive' ? 'redriven' : 'discarded', 'done', done)
    else if (why) tell(letter, 'refused', 'failed', why)
    return !done && !why
  })
  const producer = await world.infrastructure.broker.producer()
  try {
    const plain = able.filter((letter) => wish.command === 'discard' && letter.row === undefined)
    await record(producer, plain, run)
    for (const letter of plain) tell(letter, 'discarded', 'done', 'discarded')
    await command(
      producer,
      able.filter((letter) => !plain.includes(letter)),
      run,
    )
  } finally {
    await producer.close()
  }
}

async function command(producer: Producer, letters: readonly Letter[], run: Run): Promise<void> {
  const { world, wish, wait, tell, progress } = run
  const attempts: Attempt[] = []
  for (const letter of letters) {
    attempts.push(await nextAttempt(world, letter, wish.command))
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
    for (const { letter } of sent)
      tell(letter, 'sent', 'waits', 'sent; it stays open until what came of it is seen')
    return
  }
  const missing = await whenTaken(world, sent, (taken) => settle(producer, taken, run))
  for (const { letter } of missing) {
    const text = `sent, but ${letter.group} has not taken it within ${patience / 1_000} s: is it running? The command waits for it.`
    tell(letter, 'not taken', 'failed', text)
  }
}

/** Resolves with those that are on their way. */
async function send(producer: Producer, attempts: readonly Attempt[], run: Run): Promise<readonly Attempt[]> {
  const { world, wish, tell, progress } = run
  const large = wish.command === 'redrive' ? attempts.map(({ letter }) => letter).filter(isTooLarge) : []
  const originals = await readOriginals(world, large)
  const lost = new Set<Attempt>()
  for (const attempt of attempts) {
    if (!large.includes(attempt.letter) || originals.has(attempt.letter.id)) continue
    lost.add(attempt)
    const text =
      'its value was too large for the dead letters, and its topic no longer holds it: it can only be discarded'
    tell(attempt.letter, 'refused', 'failed', text)
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
        tell(attempt.letter, 'refused', 'failed', error.message)
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
    const { result, text, mark } = outcomeOf(row)
    if (discards) tell(letter, 'discarded', 'done', `discarded, ${text}`)
    else if (result === 'held') tell(letter, 'held again', mark, `redriven, and failed again: ${text}`)
    else if (result === 'ignored') tell(letter, 'ignored', mark, `still open; redrive ${text}`)
    else tell(letter, 'redriven', mark, `redriven, ${text}`)
  }
}

/** The audit record. */
async function record(producer: Producer, letters: readonly Letter[], { world, wish }: Run): Promise<void> {
  const { by, reason, command } = wish
  const became = command === 'redrive' ? 'redriven' : 'discarded'
  const at = world.clock.now()
  await sendAll(
    producer,
    letters,
    ({ id, group, saga, failure }) =>
      resolution(group, saga, { letter: id, failure, became, by, reason, at }),
    {
      onRefused(_, error) {
        throw error
      },
    },
  )
}
