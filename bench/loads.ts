import { closedLoop, openLoop } from './load/loops.ts'
import type { Load, Measured } from './measure.ts'

export function inFlight(count: number): Load {
  return {
    name: `${count} in flight`,
    latenciesOf: 'ended',
    run: (buy, isOver) => closedLoop(count, buy, isOver),
  }
}

/** So much of what the shop can do at most that waiting is an exception. */
const part = 0.7

/** At a constant rate, below the most that was measured. */
export function belowMaximum(measured: readonly Measured[]): Load {
  const most = Math.max(...measured.map(({ ordersPerSecond }) => ordersPerSecond))
  const perSecond = part * most
  return {
    name: `${perSecond.toFixed(0)}/s, ${100 * part} % of the most`,
    latenciesOf: 'intended',
    run: (buy, isOver) => openLoop(perSecond, buy, isOver),
  }
}
