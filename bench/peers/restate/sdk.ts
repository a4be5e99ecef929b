import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What we use of Restate's SDK: it is no dependency of ours, so its own types are not there. */
export type ObjectContext = {
  readonly key: string
  get<T>(name: string): Promise<T | null>
  set<T>(name: string, value: T): void
  run<T>(name: string, action: () => Promise<T>): Promise<T>
  objectSendClient<Handlers>(object: { readonly name: string }, key: string): Handlers
}

export type Handlers = Readonly<Record<string, (context: ObjectContext, input: never) => Promise<void>>>

export type RestateSdk = {
  object(definition: { readonly name: string; readonly handlers: Handlers }): unknown
  createEndpointHandler(options: {
    readonly services: readonly unknown[]
  }): (request: Http2ServerRequest, response: Http2ServerResponse) => void
}

/** The SDK that lies in this folder of packages. */
export function restateSdk(packages: string): RestateSdk {
  return createRequire(join(packages, 'package.json'))('@restatedev/restate-sdk') as RestateSdk
}
