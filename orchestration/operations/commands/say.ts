import type { OperatorContext, Verdict } from '../context.ts'
import { outcomeOf, patience, whenTaken } from '../outcomes.ts'
import { sendAll } from '../send.ts'
import type { Wish } from './wishes.ts'

/** What came of one wish. */
export type WishOutcome = {
  readonly result: 'applied' | 'deferred' | 'ignored' | 'held' | 'refused' | 'sent' | 'not taken'
  readonly verdict: Verdict
  readonly text: string
}

export type SayOptions = {
  /** Wait until the participants have taken it. */
  readonly wait: boolean
  /** Is told once per wish, as soon as it is known. */
  readonly tell: (wish: Wish, outcome: WishOutcome) => void
  /** How far it is, in words. */
  readonly progress: (line: string) => void
}

/** Says it all and tells what comes of each. Rejects with a `RetryableError` when broker or store do not answer. */
export async function sayAll(
  context: OperatorContext,
  wishes: readonly Wish[],
  { wait, tell, progress }: SayOptions,
): Promise<void> {
  const refused = new Set<Wish>()
  const producer = await context.infrastructure.broker.producer()
  try {
    await sendAll(producer, wishes, ({ message }) => message, {
      onSent: (count) => progress(`sent: ${count} of ${wishes.length}`),
      onRefused(wish, error) {
        refused.add(wish)
        tell(wish, { result: 'refused', verdict: 'failed', text: error.message })
      },
    })
  } finally {
    await producer.close()
  }
  const sent = wishes.filter((wish) => !refused.has(wish))
  if (!wait) for (const wish of sent) tell(wish, { result: 'sent', verdict: 'waits', text: 'sent' })
  else await watch(context, sent, tell)
}

async function watch(
  context: OperatorContext,
  sent: readonly Wish[],
  tell: SayOptions['tell'],
): Promise<void> {
  const missing = await whenTaken(context, sent, async (taken) => {
    for (const [wish, row] of taken) tell(wish, outcomeOf(row))
  })
  for (const wish of missing) {
    const text = `sent, but ${wish.participant} has not taken it within ${patience / 1_000} s: is it running? It waits in the topic.`
    tell(wish, { result: 'not taken', verdict: 'failed', text })
  }
}
