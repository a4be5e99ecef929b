/** Where the servers come from. `environment`: every address was given; `embedded`: none runs. */
export type Mode = 'environment' | 'docker' | 'local' | 'embedded'

/** The modes that a person can ask for. */
export const askableModes = ['docker', 'local', 'embedded'] as const
export type AskableMode = (typeof askableModes)[number]

/** A server that is in use. `pid` is there for those that run as processes of ours. */
export interface Server {
  readonly name: string
  readonly version: string
  readonly address: string
  readonly pid?: number
}

/** A server as a process of ours, which can die and come back on the same data and port. */
export interface ServerProcess {
  readonly name: string
  /** Undefined while it does not run. */
  pid(): number | undefined
  /** Ends it the hard way, as a power cut would, and resolves when it is gone. Nothing happens when it does not run. */
  kill(): Promise<void>
  /** Resolves once it answers again; at once when it runs. Throws a `Problem` when it does not come up. */
  restart(): Promise<void>
}

/** Something that is not there: what it is, what does not work without it, and the command that brings it. */
export interface Missing {
  readonly what: string
  readonly blocks: string
  readonly command: string
}

/** The addresses for the services' environment; none of them in `embedded` mode. */
export interface Addresses {
  readonly KAFKA_BOOTSTRAP_SERVERS?: string
  readonly SCHEMA_REGISTRY_URL?: string
  readonly MONGODB_URI?: string
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string
  readonly JAEGER_URL?: string
}

/** The servers that services run against, all of them answering. */
export interface Infrastructure {
  readonly mode: Mode
  /** One sentence: why this mode. */
  readonly why: string
  readonly servers: readonly Server[]
  readonly environment: Addresses
  /** Those that were started here in local mode: chaos runs kill them. */
  readonly processes: readonly ServerProcess[]
  readonly missing: readonly Missing[]
  /** Stops what this call started, and nothing else. Calling it again does nothing. */
  stop(): Promise<void>
  /** Leaves the servers running when this process ends; `npm run down` stops them. */
  keep(): Promise<void>
}
