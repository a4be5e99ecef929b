import type { SagaDefinition } from '../saga-steps.ts'

/** What the participants have published about themselves. */
export type Definitions = {
  /** Of one version; the newest published wins. */
  of(participant: string, version: string): SagaDefinition | undefined
  /** Participants whose newest definition listens to this type of event. */
  listenersOf(type: string): readonly string[]
  /** Participants whose newest definition may say this type of event. */
  sayersOf(type: string): readonly string[]
  /** The newest definition of each participant. */
  newest(): readonly SagaDefinition[]
  /** Every participant in every version, in the order of their names. */
  all(): readonly SagaDefinition[]
}

export type DefinitionBook = Definitions & { add(definition: SagaDefinition): void }

/** Definitions in memory: their topic keeps the newest of every version for ever, so they are read again at each start. */
export function definitionBook(): DefinitionBook {
  const byVersion = new Map<string, SagaDefinition>()
  const newest = new Map<string, SagaDefinition>()
  const listeners = new Map<string, readonly string[]>()

  function whoever(does: (definition: SagaDefinition) => boolean): string[] {
    return [...newest.values()].filter(does).map(({ participant }) => participant)
  }

  return {
    add(definition) {
      byVersion.set(nameOf(definition.participant, definition.version), definition)
      newest.set(definition.participant, definition)
      listeners.clear()
    },
    of: (participant, version) => byVersion.get(nameOf(participant, version)),
    listenersOf(type) {
      const known =
        listeners.get(type) ?? whoever(({ listensTo }) => listensTo.some((it) => it.type === type))
      listeners.set(type, known)
      return known
    },
    sayersOf: (type) => whoever(({ emits = [] }) => emits.includes(type)),
    newest: () => [...newest.values()],
    all: () => [...byVersion].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, definition]) => definition),
  }
}

function nameOf(participant: string, version: string): string {
  return `${participant}@${version}`
}
