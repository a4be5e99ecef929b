import type { Check, Evidence, Violation } from './evidence.ts'
import { names } from './parts.ts'
import { outcomeIn, sceneOf } from './scene.ts'
import { type Order, type StoredPart, viewOf } from './view.ts'

const invariant = 'I2'

/** Every order ends in exactly one declared outcome, one that its path may have, in time. */
export const endings: Check = (evidence) => {
  const { orders, partOf } = viewOf(evidence)
  return [...orders.values()].flatMap((order) => {
    const parts = names.flatMap((name) => partOf(name, order.orderId) ?? [])
    const says = ending(evidence, order) ?? changedMind(parts) ?? late(evidence, order, parts)
    return says === undefined ? [] : ([{ invariant, sagaId: order.orderId, says }] satisfies Violation[])
  })
}

function ending(evidence: Evidence, { orderId, accepted }: Order): string | undefined {
  const outcome = outcomeIn(evidence, orderId)
  if (outcome === undefined) {
    const { order, payment, shipping } = sceneOf(evidence, orderId)
    return `it has no ending: order is ${order}, payment ${payment}, shipping ${shipping}`
  }
  if (accepted && !accepted.endings.includes(outcome))
    return `it ended as ${outcome}, but its path "${accepted.path}" ends as ${accepted.endings.join(' or ')}`
  return undefined
}

/** A part that has ended once has ended for good. */
function changedMind(parts: readonly StoredPart[]): string | undefined {
  for (const { name, rows } of parts) {
    const ends = rows.filter(({ state }) => state?.status === 'done').map(({ state }) => state?.value)
    const other = ends.find((value) => value !== ends[0])
    if (other !== undefined) return `${name} ended as ${ends[0]}, and later as ${other}`
  }
  return undefined
}

/** By the broker's clock: it is one, and those of the services may differ. */
function late(
  evidence: Evidence,
  { accepted, placed }: Order,
  parts: readonly StoredPart[],
): string | undefined {
  const { calmSince, limitMs } = evidence.run
  const { said } = viewOf(evidence)
  const ends = parts.map(({ name, rows }) => {
    const last = rows.find(({ state }) => state?.status === 'done')
    return said.get(`${name}/${last?._id}`)?.[0]?.timestamp ?? 0
  })
  const start = Math.max(accepted?.acceptedAt ?? placed?.timestamp ?? 0, calmSince)
  const took = Math.max(...ends) - start
  return took > limitMs
    ? `its ending took ${took} ms from its acceptance or the last fault; at most ${limitMs} ms are allowed`
    : undefined
}
