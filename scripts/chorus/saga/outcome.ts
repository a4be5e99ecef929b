import type { OutgoingMessage } from '#messaging'
import { type Asked, outcomeOf, patience, whenTaken } from '../outcomes.ts'
import type { Mark, Output } from '../output.ts'
import { sendAll } from '../send.ts'
import type { World } from '../surroundings.ts'
import type { Terminal } from '../terminal.ts'

/** Something to be said to one part of a saga. */
export type Wished = Asked & { readonly message: OutgoingMessage; readonly what: string }

type Telling = { readonly wait: boolean; readonly output: Output; readonly terminal: Terminal }

/** Says it all and tells what comes of each. Resolves with how many failed. */
export async function sayAll(
  world: World,
  wished: readonly Wished[],
  { wait, output, terminal }: Telling,
): Promise<number> {
  const counts = new Map<string, number>()
  let failed = 0
  function tell({ sagaId, participant, what }: Wished, result: string, mark: Mark, text: string): void {
    counts.set(result, (counts.get(result) ?? 0) + 1)
    if (mark === 'failed') failed++
    const value = { saga: sagaId, participant, what, result, ok: mark !== 'failed', detail: text }
    output.result(value, mark, `${sagaId}  ${participant}  ${what}: ${text}`)
  }

  const refused = new Set<Wished>()
  const producer = await world.infrastructure.broker.producer()
  try {
    await sendAll(producer, wished, ({ message }) => message, {
      onSent: (count) => terminal.progress(`sent: ${count} of ${wished.length}`),
      onRefused(item, error) {
        refused.add(item)
        tell(item, 'refused', 'failed', error.message)
      },
    })
  } finally {
    await producer.close()
  }
  const sent = wished.filter((item) => !refused.has(item))
  if (!wait) for (const item of sent) tell(item, 'sent', 'waits', 'sent')
  else await watch(world, sent, tell)
  terminal.err(
    [...counts].map(([result, count]) => `${count} ${result}`).join(', ') || 'No saga is concerned.',
  )
  return failed
}

async function watch(
  world: World,
  sent: readonly Wished[],
  tell: (item: Wished, result: string, mark: Mark, text: string) => void,
): Promise<void> {
  const missing = await whenTaken(world, sent, async (taken) => {
    for (const [item, row] of taken) {
      const { result, mark, text } = outcomeOf(row)
      tell(item, result, mark, text)
    }
  })
  for (const item of missing) {
    const text = `sent, but ${item.participant} has not taken it within ${patience / 1_000} s: is it running? It waits in the topic.`
    tell(item, 'not taken', 'failed', text)
  }
}
