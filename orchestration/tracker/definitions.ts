import type { SagaDefinition } from '../saga-steps.ts'

/** What the participants have published about themselves. */
export type Definitions = {
  /** Of one version; the newest published wins. */
  of(participant: string, version: string): SagaDefinition | undefined
  /** Participants whose newest definition listens to this type of event. */
  listenersOf(type: string): readonly string[]
  /** Every participant in every version, in the order of their names. */
  all(): readonly SagaDefinition[]
}

export type DefinitionBook = Definitions & { add(definition: SagaDefinition): void }

/** Definitions in memory: their topic keeps the newest of every version for ever, so they are read again at each start. */
export function definitionBook(): DefinitionBook {
  const byVersion = new Map<string, SagaDefinition>()
  const newest = new Map<string, SagaDefinition>()

  return {
    add(definition) {
      byVersion.set(nameOf(definition.participant, definition.version), definition)
      newest.set(definition.participant, definition)
    },
    of: (participant, version) => byVersion.get(nameOf(participant, version)),
    listenersOf: (type) =>
      [...newest.values()]
        .filter(({ listensTo }) => listensTo.some((event) => event.type === type))
        .map(({ participant }) => participant),
    all: () => [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, definition]) => definition),
  }
}

function nameOf(participant: string, version: string): string {
  return `${participant}@${version}`
}
