import { setTimeout as sleep } from 'node:timers/promises'

/** Asks for an order that is to be placed at `intendedAt` (`performance.now()`); resolves when it has ended. */
type Buy = (intendedAt: number) => Promise<void>

/** Keeps so many orders in flight: each customer orders anew as soon as the order before has ended. Resolves when all have ended. */
export async function closedLoop(inFlight: number, buy: Buy, isOver: () => boolean): Promise<void> {
  async function customer(): Promise<void> {
    while (!isOver()) await buy(performance.now())
  }
  await Promise.all(Array.from({ length: inFlight }, customer))
}

/**
 * Orders at a constant rate, whatever becomes of those before. An order that goes out late, because this process was busy, is still
 * one of the moment it was meant for: nothing that the shop makes wait is left out of the latencies.
 */
export async function openLoop(perSecond: number, buy: Buy, isOver: () => boolean): Promise<void> {
  const began = performance.now()
  const bought: Promise<void>[] = []
  while (!isOver()) {
    for (let due = dueAt(began, perSecond, bought.length); due <= performance.now(); ) {
      bought.push(buy(due))
      due = dueAt(began, perSecond, bought.length)
    }
    await sleep(1)
  }
  await Promise.all(bought)
}

/** When the order with this index is to be placed. */
export function dueAt(began: number, perSecond: number, index: number): number {
  return began + (index * 1_000) / perSecond
}
