import { memoryStoryStore } from './memory-story-store.ts'
import type { StoryStore } from './story-store.ts'

/** All stories, told once from the first step on. `group`: who reads the steps for them, and where they are kept. */
export type Generation = {
  readonly group: string
  /** Version of what is stored; stories of another one cannot be read here. */
  readonly shape: number
}

/** `building` is told anew beside `serving`, which it will replace. */
export type Generations = {
  readonly revision: number
  readonly serving: Generation | null
  readonly building: Generation | null
}

/** Where generations of stories lie side by side. Every method rejects with a `RetryableError` when the outcome is unknown. */
export type StoryShelf = {
  /** The group of the first generation. */
  readonly firstGroup: string
  generations(): Promise<Generations>
  /** Replaces what has the revision before; `false` when somebody else was first. */
  replace(next: Generations): Promise<boolean>
  /** The same stories for the same generation. */
  open(generation: Generation): Promise<StoryStore>
  /** Removes all generations but these. */
  keepOnly(generations: readonly Generation[]): Promise<void>
}

/** Of the stories that this release writes. Another number than the stored one has everything told anew. */
export const storyShape = 2

/** In this process. Unless another one is named, its first group is the one that every tracker begins with. */
export function memoryStoryShelf(firstGroup = 'tracker'): StoryShelf {
  const stores = new Map<string, StoryStore>()
  let now: Generations = { revision: 0, serving: null, building: null }
  return {
    firstGroup,
    generations: async () => now,
    async replace(next) {
      if (next.revision !== now.revision + 1) return false
      now = next
      return true
    },
    async open({ group }) {
      const store = stores.get(group) ?? memoryStoryStore()
      stores.set(group, store)
      return store
    },
    async keepOnly(generations) {
      const kept = generations.map(({ group }) => group)
      for (const group of stores.keys()) if (!kept.includes(group)) stores.delete(group)
    },
  }
}
