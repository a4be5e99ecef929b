import { createRequire } from 'node:module'
import { join } from 'node:path'

/** What we use of DBOS and of PostgreSQL's driver: they are no dependencies of ours, so their own types are not there. */
export type Dbos = {
  setConfig(config: {
    readonly name: string
    readonly systemDatabaseUrl: string
    readonly systemDatabasePoolSize: number
    readonly applicationVersion: string
    readonly executorID: string
    readonly logLevel: string
  }): void
  launch(): Promise<void>
  registerQueue(name: string, options: { readonly minPollingIntervalMs: number }): Promise<unknown>
  registerWorkflow(workflow: Workflow, config: { readonly name: string }): Workflow
  startWorkflow(
    workflow: Workflow,
    options: { readonly workflowID: string },
  ): (...input: Parameters<Workflow>) => Promise<unknown>
  runStep<T>(
    step: () => Promise<T>,
    options: { readonly name: string; readonly retriesAllowed: boolean },
  ): Promise<T>
}

export type Workflow = (orderId: string, input: never) => Promise<void>

export type DbosClient = {
  enqueueInTransaction(
    connection: Connection,
    options: {
      readonly queueName: string
      readonly workflowName: string
      readonly workflowID: string
      readonly applicationName: string
      readonly appVersion: string
    },
    ...input: readonly unknown[]
  ): Promise<unknown>
}

type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] }

export type Queryable = { query(statement: Statement | string): Promise<{ rows: unknown[] }> }
export type Connection = Queryable & { release(): void }
export type Pool = Queryable & { connect(): Promise<Connection> }

type Sdk = {
  readonly DBOS: Dbos
  readonly DBOSClient: { create(options: { readonly systemDatabaseUrl: string }): Promise<DbosClient> }
  readonly Pool: new (options: { readonly connectionString: string; readonly max: number }) => Pool
}

/** DBOS and the driver that lie in this folder of packages. */
export function dbosSdk(packages: string): Sdk {
  const load = createRequire(join(packages, 'package.json'))
  const { DBOS, DBOSClient } = load('@dbos-inc/dbos-sdk')
  const { Pool } = load('pg')
  return { DBOS, DBOSClient, Pool }
}
