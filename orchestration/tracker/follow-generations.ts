import type { Logger } from '#observability'
import type { Follower } from './follow-stories.ts'
import { changeOver, type Plan, planOf } from './generations.ts'
import type { LagReading } from './lag/watch-lag.ts'
import type { Generation, StoryShelf } from './story-shelf.ts'

/**
 * How far the stories are. `rebuilding`: they are told anew beside those that are shown, from the first step on. `read` and `end`
 * count steps of all partitions, `since` is when that began (epoch ms).
 */
export type Rebuild = {
  readonly state: 'following' | 'rebuilding'
  readonly read: number
  readonly end: number
  readonly since: number
}

export type GenerationFollower = {
  /** Whose stories are shown. */
  shown(): Follower
  groups(): readonly string[]
  /** Changes over when what is told anew has caught up, and follows whatever the shelf names now. Rejects when it could not. */
  check(lag: LagReading): Promise<void>
  rebuild(lag: LagReading): Rebuild
  stop(limit: number): Promise<void>
}

/** Follows what is shown, and what is told anew. Several trackers on one shelf tell and change over together. */
export async function followGenerations(options: {
  readonly shelf: StoryShelf
  readonly plan: Plan
  readonly follow: (generation: Generation) => Promise<Follower>
  readonly now: () => number
  readonly log: Logger
}): Promise<GenerationFollower> {
  const { shelf, follow, now, log } = options
  const followers = new Map<string, Follower>()
  let ends = new Map<string, bigint>()
  let plan = options.plan
  let since = now()
  let isTidy = false

  async function adopt(next: Plan): Promise<void> {
    const wanted = [next.shown, ...(next.building ? [next.building] : [])]
    for (const generation of wanted)
      if (!followers.has(generation.group)) followers.set(generation.group, await follow(generation))
    if (groupsIn(next).join() !== groupsIn(plan).join()) since = now()
    plan = next
    for (const [group, follower] of followers) {
      if (wanted.some((generation) => generation.group === group)) continue
      followers.delete(group)
      await follower.stop(10_000)
    }
  }

  /** It has committed all that was there at the look before. */
  function hasCaughtUp(lag: LagReading, group: string): boolean {
    const partitions = partitionsOf(lag, group)
    return (
      partitions.length > 0 &&
      partitions.every(
        ({ partition, end, lag }) => end - lag >= (ends.get(`${group}/${partition}`) ?? end + 1n),
      )
    )
  }

  await adopt(plan)

  return {
    shown: () => followers.get(plan.shown.group) as Follower,
    groups: () => [...followers.keys()],
    async check(lag) {
      const { building } = plan
      if (building && hasCaughtUp(lag, building.group) && (await changeOver(shelf, building))) {
        log.info('the stories are told anew, and shown from now on', { group: building.group })
        isTidy = false
      }
      ends = new Map(
        [...followers.keys()].flatMap((group) =>
          partitionsOf(lag, group).map(({ partition, end }) => [`${group}/${partition}`, end] as const),
        ),
      )
      const generations = await shelf.generations()
      const isChanged = groupsIn(planOf(generations)).join() !== groupsIn(plan).join()
      await adopt(planOf(generations))
      // Others have until the next look to leave the old stories.
      if (isChanged || isTidy || generations.building) return
      await shelf.keepOnly([plan.shown])
      isTidy = true
    },
    rebuild(lag) {
      const partitions = partitionsOf(lag, (plan.building ?? plan.shown).group)
      const end = partitions.reduce((sum, partition) => sum + partition.end, 0n)
      const behind = partitions.reduce((sum, { lag }) => sum + lag, 0n)
      const state = plan.building ? 'rebuilding' : 'following'
      return { state, read: Number(end - behind), end: Number(end), since }
    },
    async stop(limit) {
      await Promise.all([...followers.values()].map((follower) => follower.stop(limit)))
    },
  }
}

function groupsIn({ shown, building }: Plan): string[] {
  return [shown.group, building?.group ?? '']
}

function partitionsOf({ groups }: LagReading, group: string) {
  return groups.find((reading) => reading.group === group)?.partitions ?? []
}
