import type { SagaSummary } from '../../../services/tracker/api.ts'
import type { Column } from '../output.ts'

/** How long ago, in the largest unit that fits: `12s`, `3m`, `2h`, `5d`. */
export function ageText(at: string, now: number = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(at)) / 1_000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

/** What became of a saga in one word: how it ended, or why it does not go on. */
export function stateText({ ending, state, why }: SagaSummary): string {
  if (state === 'ended') return ending ?? 'ended'
  return why?.isStuck ? why.cause : state
}

export function sagaColumns(age: (at: string) => string): readonly Column<SagaSummary>[] {
  return [
    { title: 'saga', cell: ({ sagaId }) => sagaId },
    { title: 'state', cell: stateText },
    { title: 'age', cell: ({ beganAt }) => age(beganAt) },
    { title: 'parts', cell: partsText },
    { title: 'why', cell: ({ sentence }) => sentence },
  ]
}

function partsText({ participants }: SagaSummary): string {
  return participants.map(({ participant, state }) => `${participant}.${state ?? '(unstarted)'}`).join(' ')
}
