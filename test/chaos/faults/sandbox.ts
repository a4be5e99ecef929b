import type { PlannedFault } from '../schedule.ts'
import type { Stage } from '../stage.ts'
import { type Inflict, insist } from './fault.ts'

type Change = { readonly outage?: boolean; readonly latencyMs?: number }

/** Resolves when the sandbox behaves so, and not before. */
function behave(stage: Stage, fault: PlannedFault, change: Change): Promise<void> {
  return insist(() => ask(stage, fault, change))
}

async function ask({ shop }: Stage, { target }: PlannedFault, change: Change): Promise<void> {
  const response = await fetch(`${shop.addresses.sandbox}/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [target === 'provider' ? 'payment' : 'carrier']: change }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`the sandbox answers ${response.status}: ${await response.text()}`)
}

/** Every call answers 503 and does nothing. */
export const outage: Inflict = async (fault, stage) => {
  await behave(stage, fault, { outage: true })
  return {
    async heal() {
      await behave(stage, fault, { outage: false })
      return `the ${fault.target} was out`
    },
  }
}

/** Every call takes longer, some of them too long. */
export const slowAnswers: Inflict = async (fault, stage) => {
  await behave(stage, fault, { latencyMs: fault.by ?? 1_000 })
  return {
    async heal() {
      await behave(stage, fault, { latencyMs: 0 })
      return `the ${fault.target} took ${fault.by ?? 1_000} ms longer`
    },
  }
}
