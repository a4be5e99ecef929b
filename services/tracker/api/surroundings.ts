/** `GET /topology`: who says and hears what, by the contracts and definitions, and what was seen in the last five minutes. `outside` is whoever is no participant. */
export type Topology = {
  readonly services: readonly string[]
  readonly topics: readonly string[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    /** From a service to a topic what it says, from a topic to a service what it hears. */
    readonly events: readonly { readonly type: string; readonly perMinute: number }[]
    /** `undeclared` was seen, and no contract or definition says it. */
    readonly kind: 'declared' | 'undeclared'
    readonly lag: number | null
  }[]
}

/** `GET /contracts`, and `GET /contracts/asyncapi.json` (AsyncAPI 3). */
export type ContractsView = {
  readonly events: readonly {
    readonly type: string
    /** What it means. */
    readonly doc: string
    readonly owner: string
    readonly topic: string
    readonly subject: string
    readonly producers: readonly string[]
    readonly consumers: readonly string[]
    readonly personal: readonly string[]
    readonly example: unknown
    /** As the registry has them, oldest first; empty while it does not answer. */
    readonly versions: readonly { readonly version: number; readonly id: number; readonly schema: unknown }[]
    readonly compatibility: string | null
  }[]
}

/** `GET /definitions`: the machines as XState serialises them. States with the tag `compensation` are drawn dashed. */
export type DefinitionView = {
  readonly participant: string
  readonly version: string
  readonly definition: unknown
  readonly listensTo: readonly { readonly type: string; readonly topic: string }[]
  /** What it may say; empty for a version that did not tell. */
  readonly emits: readonly string[]
}

/** `GET /settings`: what the page has to know before it asks. */
export type ConsoleSettings = {
  readonly environment: string
  /** Whether commands are taken: `CONSOLE_WRITE=true`. */
  readonly isWritable: boolean
  readonly token: string | null
}

/** `GET /stream` (server-sent events, with `id`): what has changed, each kind once a second at most. */
export type StreamEvent =
  /** `isPartial`: more have changed than are named. */
  | { readonly type: 'sagas'; readonly sagaIds: readonly string[]; readonly isPartial: boolean }
  /** What came since `Last-Event-ID` is not known any more: ask again for everything that is shown. */
  | { readonly type: 'reset' }
  | { readonly type: 'lag' }
  | { readonly type: 'dead-letters' }
  | { readonly type: 'operation'; readonly id: string }
