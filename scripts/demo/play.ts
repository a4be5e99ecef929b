import { Problem } from '../../infra/problem.ts'
import { observe } from './observe.ts'
import type { DemoScenario, DemoStage } from './scenario.ts'

/** What became of a scenario. */
export type Played = {
  readonly scenario: string
  /** `null` when it could not even begin. */
  readonly orderId: string | null
  readonly ok: boolean
  readonly detail: string
}

/** Plays one scenario to its ending. Rejects with a `Problem` where it cannot be played. */
export async function playScenario(scenario: DemoScenario, stage: DemoStage): Promise<Played> {
  const { name, ends } = scenario
  let orderId: string | null = null
  try {
    orderId = await scenario.play(stage)
    stage.say(`order ${orderId}`)
    const { isRight, text } = await observe(stage, orderId, ends)
    return { scenario: name, orderId, ok: isRight, detail: text }
  } catch (error) {
    if (error instanceof Problem) throw error
    return { scenario: name, orderId, ok: false, detail: (error as Error).message }
  }
}

/** Where one can see what happened, and what to try next. */
export function whereToLook(scenario: DemoScenario, orderId: string, stage: DemoStage): readonly string[] {
  return [
    `${stage.address('tracker')}/console/sagas/${orderId}`,
    `./chorus sagas show ${orderId}`,
    ...(scenario.next?.(orderId, stage) ?? []),
  ]
}
