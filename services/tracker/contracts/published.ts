import { type EventContract, memoryRegistry, type RegistryConfig, restRegistryAdmin } from '#messaging'
import type { Clock } from '#orchestration'
import type { ContractsView } from '../api.ts'

/** What the registry holds of one event. */
export type Published = Pick<ContractsView['events'][number], 'versions' | 'compatibility'>

/** What the registry holds of these events, by their subjects. */
export type PublishedContracts = () => Promise<ReadonlyMap<string, Published>>

const fresh = 30_000

/** Asks the registry, every 30 s at most. While it does not answer, what it said before counts; nothing when it never said anything. */
export function publishedContracts(
  events: readonly EventContract[],
  registry: RegistryConfig,
  { now }: Pick<Clock, 'now'>,
): PublishedContracts {
  const admin = restRegistryAdmin(registry)
  let known: ReadonlyMap<string, Published> = new Map()
  let asking: Promise<void> | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  async function ask(): Promise<void> {
    askedAt = now()
    const found = events.map(async ({ subject }): Promise<[string, Published]> => {
      const [versions, compatibility] = await Promise.all([
        admin.versions(subject),
        admin.compatibility(subject),
      ])
      return [subject, { versions, compatibility }]
    })
    known = await Promise.all(found).then(
      (entries) => new Map(entries),
      () => known,
    )
  }

  return async () => {
    if (now() - askedAt >= fresh) asking = ask()
    await asking
    return known
  }
}

/** The contracts of a registry in memory, which holds each in one version. */
export async function contractsInMemory(events: readonly EventContract[]): Promise<PublishedContracts> {
  const registry = memoryRegistry({ events: Object.fromEntries(events.map((event) => [event.type, event])) })
  const known = new Map<string, Published>()
  for (const { subject, schema } of events) {
    const id = await registry.idOf(subject, schema)
    known.set(subject, { versions: [{ version: 1, id, schema }], compatibility: null })
  }
  return async () => known
}
