import type { Graph } from './graph.ts'
import type { Move } from './moves.ts'
import type { Story } from './story.ts'
import type { System } from './system.ts'

/** Something wrong with a choreography. */
export type Finding = {
  /** One sentence. */
  readonly says: string
  /** The machine that is in the middle of it, where one is. */
  readonly where?: { readonly participant: string; readonly file: string; readonly state: string }
  /** The shortest way there, where there is one. */
  readonly story?: Story
}

/** What a property is held against. */
export type Explored = { readonly system: System; readonly graph: Graph }

/** Something that a sound choreography has. It watches an exploration and says what is wrong. */
export type Property = {
  /** What it promises, as a clause. */
  readonly promises: string
  watch(explored: Explored): Watch
}

/** Each finding is told once, from where it was met first: that is the shortest story. */
export type Watch = {
  /** A joint state, when it is found. */
  state?(id: number, state: readonly number[]): void
  /** What may happen in it. */
  move?(id: number, state: readonly number[], move: Move): void
  /** At the end, when all states are known. */
  findings(): readonly Finding[]
}

/** Where a member is in a joint state. */
export function whereIs(
  { system }: Explored,
  state: readonly number[],
  member: number,
): NonNullable<Finding['where']> {
  const { file, part } = system.cast.members[member] ?? never(member)
  return { participant: part.name, file, state: system.sceneOf(state)[part.name] ?? '' }
}

/** A scene as a person reads it. */
export function told(scene: Readonly<Record<string, string>>): string {
  return Object.entries(scene)
    .map(([participant, state]) => `${participant} is ${state}`)
    .join(', ')
}

/** Keeps the first finding under each key. */
export function firstOfEach(): { add(key: string, finding: () => Finding): void; all(): readonly Finding[] } {
  const findings = new Map<string, Finding>()
  return {
    add: (key, finding) => void (findings.has(key) || findings.set(key, finding())),
    all: () => [...findings.values()],
  }
}

function never(member: number): never {
  throw new Error(`there is no member ${member}`)
}
