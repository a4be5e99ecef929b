import { Refusal } from '#orchestration/operations'
import { Problem } from '../../../infra/problem.ts'
import { endingOf, placeOrder, type Scenario, scenarios } from '../../shop/scenarios.ts'
import type { Telling } from '../output.ts'

export type PlaceOptions = {
  readonly paymentToken: string
  readonly postcode: string
  readonly wait?: boolean
}

/** Places one order. Resolves with 1 when it was to be waited for and did not end. */
export async function placeOne(
  api: string,
  { paymentToken, postcode, wait = false }: PlaceOptions,
  { output, terminal }: Telling,
): Promise<number> {
  const orderId = await place(api, { paymentToken, postcode })
  const state = wait ? await endingOf(api, orderId) : 'accepted'
  const hasEnded = ['delivered', 'declined', 'cancelled'].includes(state)
  const mark = hasEnded ? 'done' : wait ? 'failed' : 'waits'
  output.result({ order: orderId, state }, mark, `${orderId}  ${state}`)
  terminal.err(`Next: ./chorus sagas show ${orderId}`)
  return mark === 'failed' ? 1 : 0
}

/** Places the orders of `npm start`, all at once. Resolves with how many did not end as they should. */
export async function playAll(api: string, { output }: Telling): Promise<number> {
  const failed = await Promise.all(
    scenarios.map(async (scenario) => {
      const orderId = await place(api, scenario)
      const state = await endingOf(api, orderId)
      const ok = state === scenario.ending
      const value = { scenario: scenario.name, order: orderId, state, ok }
      const text = `${orderId}  ${state}: ${scenario.tells}${ok ? '' : ` (expected ${scenario.ending})`}`
      output.result(value, ok ? 'done' : 'failed', text)
      return ok ? 0 : 1
    }),
  )
  return failed.reduce<number>((sum, count) => sum + count, 0)
}

/** `fetch` throws a `TypeError` when nothing answers; anything else is what the API said. */
async function place(api: string, scenario: Pick<Scenario, 'paymentToken' | 'postcode'>): Promise<string> {
  return await placeOrder(api, scenario).catch((cause: Error) => {
    if (!(cause instanceof TypeError)) throw new Refusal(cause.message, { cause })
    throw new Problem('The order service does not answer.', {
      why: `POST ${api}/orders: ${(cause.cause as Error | undefined)?.message || cause.message}`,
      fix: 'npm start   (or npm run doctor, where it should run)',
      or: 'ORDER_URL=http://… ./chorus …',
      cause,
    })
  })
}
