import { type OperatorContext, sayAll, type Wish } from '#orchestration/operations'
import type { Telling } from '../output.ts'

/** Says it all and tells what comes of each. Resolves with how many failed. */
export async function sayAndTell(
  context: OperatorContext,
  wishes: readonly Wish[],
  { wait, output, terminal }: Telling & { readonly wait: boolean },
): Promise<number> {
  const counts = new Map<string, number>()
  let failed = 0
  await sayAll(context, wishes, {
    wait,
    progress: terminal.progress,
    tell({ sagaId, participant, what }, { result, verdict, text }) {
      counts.set(result, (counts.get(result) ?? 0) + 1)
      const ok = verdict !== 'failed'
      if (!ok) failed++
      const value = { saga: sagaId, participant, what, result, ok, detail: text }
      output.result(value, verdict, `${sagaId}  ${participant}  ${what}: ${text}`)
    },
  })
  const sum = [...counts].map(([result, count]) => `${count} ${result}`)
  terminal.err(sum.join(', ') || 'No saga is concerned.')
  return failed
}
