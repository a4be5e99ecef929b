/** A source of chance that says the same for the same seed, on every machine. */
export type Random = {
  /** At least 0, below 1. */
  next(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(of: readonly T[]): T
  shuffled<T>(of: readonly T[]): T[]
  /** A source of its own, so that what one asks for changes nothing for the others. The same name gives the same source. */
  fork(name: string): Random
}

/** `seed`: a whole number. Mulberry32: its 32 bits of state are enough to choose faults, and it costs next to nothing. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))

  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick<T>(of: readonly T[]): T {
      if (of.length === 0) throw new RangeError('there is nothing to pick from')
      return of[between(0, of.length - 1)] as T
    },
    shuffled: (of) =>
      of
        .map((one) => ({ one, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ one }) => one),
    fork: (name) => randomFrom(hash(seed, name)),
  }
}

/** FNV-1a, begun with the seed. */
function hash(seed: number, text: string): number {
  let hash = 0x811c9dc5 ^ seed
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
