import { randomUUID } from 'node:crypto'
import { type Generation, type Generations, type StoryShelf, storyShape } from './story-shelf.ts'

/** What the tracker follows: what it shows, and what it tells anew beside it. */
export type Plan = { readonly shown: Generation; readonly building: Generation | null }

/**
 * Decides at the start which stories are followed. They are told anew when that is asked for, or when what is stored has
 * another shape. What somebody has begun to tell anew goes on.
 */
export async function planStart(shelf: StoryShelf, isRebuildWanted: boolean): Promise<Plan> {
  for (;;) {
    const now = await shelf.generations()
    const next = nextOf(now, shelf, isRebuildWanted)
    if (next === now || (await shelf.replace({ ...next, revision: now.revision + 1 }))) return planOf(next)
  }
}

/** What is to be followed now. Stories of another shape cannot be shown: those that replace them are shown as they grow. */
export function planOf({ serving, building }: Generations): Plan {
  const [old, anew] = [serving, building].map((it) => (it?.shape === storyShape ? it : null))
  const shown = old ?? anew
  if (!shown) throw new Error(`no stories of shape ${storyShape} are told`)
  return { shown, building: anew ?? null }
}

/** Changes over: what was told anew is what is shown. `false` when somebody else was first. */
export async function changeOver(shelf: StoryShelf, building: Generation): Promise<boolean> {
  const now = await shelf.generations()
  if (now.building?.group !== building.group) return false
  return await shelf.replace({ revision: now.revision + 1, serving: building, building: null })
}

function nextOf(now: Generations, { firstGroup }: StoryShelf, isRebuildWanted: boolean): Generations {
  if (!now.serving) return { ...now, serving: { group: firstGroup, shape: storyShape } }
  if (now.building?.shape === storyShape) return now
  if (now.serving.shape === storyShape && !isRebuildWanted) return now
  return { ...now, building: { group: `${firstGroup}-${randomUUID().slice(0, 8)}`, shape: storyShape } }
}
