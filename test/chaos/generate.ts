import { type Random, randomFrom } from '#orchestration/simulation'
import { areasOf } from './areas.ts'
import { regulars } from './cast.ts'
import { faultKinds, type Kind } from './fault-kinds.ts'
import type { FaultKind, PlannedFault, Schedule } from './schedule.ts'

export type Wish = {
  readonly seed: number
  readonly orders: number
  /** How long orders are placed. */
  readonly minutes: number
}

/** Seconds without any fault but the steady ones: what is normal is measured there. */
const warmUp = 45
/** Seconds that a measured fault has for itself. */
const alone = { service: 30, server: 50 }
/** Seconds from one fault of the storm to the next, on average. */
const gap = 8
/** Seconds before the last order in which no fault begins any more. */
const fadeOut = 10

/**
 * A schedule that follows from the wish alone: steady duplicates and delays from the first order to the last; after a time to measure
 * what is normal, kills of each service, of the broker and of the store that have the stage for themselves; then a storm of all
 * kinds, which overlap as chance will have it.
 */
export function generateSchedule({ seed, orders, minutes }: Wish): Schedule {
  const random = randomFrom(seed)
  const end = minutes * 60
  const steady = steadyFaults(end)
  const measured = end > 500 ? measuredFaults(random) : []
  const last = measured.at(-1)
  const begin = last ? last.at + last.for + alone.server : Math.min(warmUp, end / 10)
  const storm = stormOf(random, begin, end - fadeOut, steady)
  return { seed, orders, rate: round(orders / end), faults: [...steady, ...measured, ...storm] }
}

function steadyFaults(end: number): PlannedFault[] {
  return [
    { at: 0, kind: 'duplicate', target: 'messages', for: end },
    { at: 0, kind: 'delay', target: 'order-2/kafka', for: end, by: 5 },
    { at: 0, kind: 'delay', target: 'payment-2/store', for: end, by: 5 },
    { at: 0, kind: 'delay', target: 'shipping-2/kafka', for: end, by: 10 },
  ]
}

/** The broker away for a minute is one of them. */
function measuredFaults(random: Random): PlannedFault[] {
  const services = ['order', 'payment', 'shipping'].map((service) => {
    const { id } = random.pick(regulars.filter((role) => role.service === service))
    return { kind: 'kill-service', target: id, for: 2 } as const
  })
  const servers = [
    { kind: 'kill-broker', target: 'kafka', for: 1 },
    { kind: 'kill-store', target: 'store', for: 1 },
    { kind: 'kill-broker', target: 'kafka', for: 60 },
    { kind: 'kill-store', target: 'store', for: 20 },
  ] as const
  let at = warmUp
  return [...services, ...servers].map((fault) => {
    const planned = { at, ...fault }
    at += fault.for + (fault.kind === 'kill-service' ? alone.service : alone.server)
    return planned
  })
}

/** At each moment the next kind that finds a target: one that finds none has its turn a moment later. */
function stormOf(
  random: Random,
  begin: number,
  end: number,
  steady: readonly PlannedFault[],
): PlannedFault[] {
  const count = Math.max(0, Math.floor((end - begin) / gap))
  const kinds = kindsFor(count + 1, random)
  const planned: PlannedFault[] = []
  for (let index = 0; index < count; index++) {
    const at = round(begin + index * gap + random.next() * gap * 0.6)
    for (const [turn, kind] of kinds.entries()) {
      const fault = place(kind, { at, end, planned, steady }, random)
      if (!fault) continue
      planned.push(fault)
      kinds.splice(turn, 1)
      break
    }
  }
  return planned
}

/** Every kind as often as every other one, in an order of chance. */
function kindsFor(count: number, random: Random): FaultKind[] {
  const all = Object.keys(faultKinds) as FaultKind[]
  const rounds = Math.ceil(count / all.length)
  return Array.from({ length: rounds }, () => random.shuffled(all))
    .flat()
    .slice(0, count)
}

type Moment = {
  readonly at: number
  readonly end: number
  readonly planned: readonly PlannedFault[]
  readonly steady: readonly PlannedFault[]
}

/** The kind at this moment, on a target that no other fault is busy with; `undefined` when there is none. */
function place(
  kind: FaultKind,
  { at, end, planned, steady }: Moment,
  random: Random,
): PlannedFault | undefined {
  const { targets, lasts, by }: Kind = faultKinds[kind]
  const [shortest, longest] = lasts
  const lasting = round(Math.min(shortest + random.next() * (longest - shortest), end - at))
  if (lasting < shortest) return undefined
  const candidates = random
    .shuffled(targets)
    .map((target) => ({ at, kind, target, for: lasting, ...(by && { by: random.between(...by) }) }))
  return candidates.find(
    (fault) =>
      !planned.some((other) => collide(fault, other)) &&
      !steady.some((other) => other.kind === kind && other.target === fault.target),
  )
}

/** Seconds that somebody who comes back needs before the next fault can hit it. */
const comeBack = 12

function collide(one: PlannedFault, other: PlannedFault): boolean {
  const apart = one.at > other.at + other.for + comeBack || other.at > one.at + one.for + comeBack
  return !apart && areasOf(one).some((area) => areasOf(other).includes(area))
}

const round = (seconds: number) => Math.round(seconds * 10) / 10
