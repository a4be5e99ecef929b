import { playScenario, whereToLook } from '../../demo/play.ts'
import { runningStage } from '../../demo/running-stage.ts'
import { demoScenarios } from '../../demo/scenarios.ts'
import type { Telling } from '../output.ts'
import type { Session } from '../session.ts'

type Where = Pick<Session, 'addressOf' | 'runningShop' | 'connect'>

/** Plays the scenario of this name, or lists them all. Resolves with how many did not end as they must: 0 or 1. */
export async function failOrder(
  { addressOf, runningShop, connect }: Where,
  name: string | undefined,
  { output, terminal }: Telling,
): Promise<number> {
  const scenario = demoScenarios.find((one) => one.name === name)
  if (!scenario) {
    const list = demoScenarios.map(({ name, tells }) => ({ scenario: name, tells }))
    output.rows(list, list, [
      { title: 'scenario', cell: ({ scenario }) => scenario },
      { title: 'what happens', cell: ({ tells }) => tells },
    ])
    terminal.err('Next: npm run demo -- <scenario>')
    return 0
  }
  const stage = runningStage({ address: addressOf, shop: runningShop, connect, say: terminal.err })
  try {
    terminal.err(scenario.tells)
    const { orderId, ok, detail } = await playScenario(scenario, stage)
    const value = { scenario: scenario.name, order: orderId, ok, detail }
    output.result(value, ok ? 'done' : 'failed', `${orderId ?? scenario.name}  ${detail}`)
    if (orderId === null) return 1
    terminal.err(
      `Look at\n${whereToLook(scenario, orderId, stage)
        .map((line) => `  ${line}`)
        .join('\n')}`,
    )
    return ok ? 0 : 1
  } finally {
    await stage.close()
  }
}
