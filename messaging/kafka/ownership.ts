import type { Position, TopicPartition } from '../broker.ts'

/** What a consumer owns at the moment, which of it is paused, and the offset that is handed over next. */
export type Ownership = {
  /** Counts the assignments, so that what belongs to an older one can be told. */
  generation(): number
  /** Everything before is void, pauses too. `positions`: next offsets that are known already. */
  assign(partitions: readonly TopicPartition[], positions: readonly Position[]): void
  /** Nothing is owned until the next assignment; positions are remembered. */
  release(): void
  owned(): readonly TopicPartition[]
  /** Partition numbers, each once. */
  numbers(): readonly number[]
  owns(at: TopicPartition): boolean
  pause(at: TopicPartition): void
  resume(at: TopicPartition): void
  isPaused(at: TopicPartition): boolean
  /** Unknown until something was handed over, unless the assignment told it. */
  next(at: TopicPartition): bigint | undefined
  advance(at: TopicPartition, next: bigint): void
}

export function ownership(): Ownership {
  let generation = 0
  let owned = new Map<string, TopicPartition>()
  let next = new Map<string, bigint>()
  const paused = new Set<string>()

  return {
    generation: () => generation,
    assign(partitions, positions) {
      generation += 1
      owned = new Map(partitions.map((at) => [name(at), at]))
      next = new Map(positions.map((at) => [name(at), at.offset]))
      paused.clear()
    },
    release() {
      owned.clear()
      paused.clear()
    },
    owned: () => [...owned.values()],
    numbers: () => [...new Set([...owned.values()].map(({ partition }) => partition))],
    owns: (at) => owned.has(name(at)),
    pause: (at) => paused.add(name(at)),
    resume: (at) => paused.delete(name(at)),
    isPaused: (at) => paused.has(name(at)),
    next: (at) => next.get(name(at)),
    advance: (at, offset) => next.set(name(at), offset),
  }
}

function name({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
