import type { Random } from './random.ts'

/** How often a fault may strike: `upTo` is the highest probability at each occasion, `limit` how often at most in one run for one target. */
export type FaultKind = { readonly upTo: number; readonly limit?: number }

/** What may happen to a call over the network, to a process, and to its clock. The occasions are calls, unless another one is told. */
export const faultKinds = {
  /** The connection breaks before the other side has heard of the call: nothing is done, and the caller learns that late. */
  'request lost': { upTo: 0.05 },
  /** The connection breaks before the answer has come: it is done, and the caller does not know. */
  'answer lost': { upTo: 0.05 },
  /** Of a batch of rows, some are stored; then the connection breaks. */
  'torn insert': { upTo: 0.1 },
  /** Of a batch of messages, those to some topics are stored; then the connection breaks. */
  'torn send': { upTo: 0.1 },
  /** A batch of messages is stored twice. */
  'doubled send': { upTo: 0.1 },
  'slow call': { upTo: 0.05 },
  /** The process is gone just before what it asked for is done, or just after: nobody hears the answer. */
  crash: { upTo: 0.03, limit: 4 },
  /** At each delivery of a partition's records: they come late, while other partitions go on. */
  'late delivery': { upTo: 0.1 },
  /** At each rebalance: whoever has lost a partition goes on with it for some seconds. */
  'late notice': { upTo: 0.8 },
  /** Each second of a process: it stands still for some seconds, so that its group may give its partitions to others, and then goes on where it was. */
  stall: { upTo: 0.15, limit: 3 },
  /** Each second of a participant: one more process of it joins, in the middle of everybody's batches. */
  join: { upTo: 0.25, limit: 3 },
  /** Each second of a process that is not the only one: it leaves in good order. */
  leave: { upTo: 0.4 },
  /** Each second of a process: its clock moves by some seconds, forth or back. */
  'clock jump': { upTo: 0.15, limit: 4 },
} as const satisfies Readonly<Record<string, FaultKind>>

/** Decides what strikes, and counts it. */
export type Faults<Kind extends string> = {
  /** Whether this fault strikes `target` at this occasion. */
  strikes(kind: Kind, target: string): boolean
  /** How often each kind has struck so far. */
  struck(): Readonly<Record<Kind, number>>
  /** From now on nothing strikes any more. */
  end(): void
}

/**
 * Each kind is left out of every second run, so that faults which hide each other are met alone too; the others get a probability
 * of their own, small ones more often than large ones.
 */
export function drawFaults<Kind extends string>(
  kinds: Readonly<Record<Kind, FaultKind>>,
  random: Random,
): Faults<Kind> {
  const names = Object.keys(kinds) as Kind[]
  const probability = new Map(
    names.map((kind) => [kind, random.chance(0.5) ? kinds[kind].upTo * random.next() ** 2 : 0]),
  )
  const counts = new Map(names.map((kind) => [kind, 0]))
  const left = new Map<string, number>()
  let over = false

  return {
    strikes(kind, target) {
      const chance = probability.get(kind) ?? 0
      if (over || chance === 0 || !random.chance(chance)) return false
      const { limit } = kinds[kind]
      if (limit !== undefined) {
        const rest = left.get(`${kind} ${target}`) ?? limit
        if (rest === 0) return false
        left.set(`${kind} ${target}`, rest - 1)
      }
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      return true
    },
    struck: () => Object.fromEntries(counts) as Record<Kind, number>,
    end() {
      over = true
    },
  }
}
