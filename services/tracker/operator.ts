import type { Router } from 'express'
import { contracts } from '#contracts'
import { registryConfigFromEnvironment } from '#messaging'
import { type Definitions, readConfig, type SagaStep, type ServiceContext } from '#orchestration'
import { countTraffic, followLetters, type Letter, ownersIn } from '#orchestration/operations'
import type { StreamEvent } from './api.ts'
import { trackerConfig } from './config.ts'
import { contractsInMemory, type PublishedContracts, publishedContracts } from './contracts/published.ts'
import { commandRoutes } from './http/commands.ts'
import { contractRoutes } from './http/contracts.ts'
import { deadLetterRoutes } from './http/dead-letters.ts'
import { operationLog, operationRoutes } from './http/operations.ts'
import { eventStream, streamRoutes } from './http/stream.ts'
import { topologyRoutes } from './http/topology.ts'
import { traceRoutes } from './http/traces.ts'
import { allowWrites, settingsRoutes } from './http/writes.ts'

/** What the tracker knows that operators look at. */
export type TrackerView = {
  readonly definitions: Definitions
  /** When a saga began, in epoch ms. */
  readonly beganAt: (sagaId: string) => Promise<number | undefined>
  /** Records of the topic that the group has not committed; `null` while it is not known. */
  readonly lagOf: (group: string, topic: string) => number | null
}

/** The part of the tracker that operators work with: dead letters, commands, and what is said to whom. */
export type Operator = {
  routes(view: TrackerView): readonly Router[]
  /** Letters that are open, oldest first. */
  openLetters(): readonly Letter[]
  readonly published: PublishedContracts
  /** Steps that the tracker has just taken in. */
  onSteps(steps: readonly SagaStep[]): void
  /** Whoever follows `GET /stream` is told within a second. */
  tell(event: StreamEvent): void
  close(): Promise<void>
}

/** Starts to follow the dead letters. It produces nothing until an operator asks for something. */
export async function startOperator({
  infrastructure,
  environment,
  clock,
  log,
  onFatal,
}: ServiceContext): Promise<Operator> {
  const { CONSOLE_WRITE, CHORUS_ENVIRONMENT, JAEGER_URL } = readConfig(trackerConfig, environment)
  const participants = ownersIn(contracts)
  const context = { infrastructure, contracts, participants, clock }
  const events = Object.values(contracts.events)
  const published = infrastructure.database
    ? publishedContracts(events, registryConfigFromEnvironment(environment), clock)
    : await contractsInMemory(events)
  const stream = eventStream(clock)
  const traffic = countTraffic(clock)
  const writes = allowWrites(CONSOLE_WRITE, CHORUS_ENVIRONMENT)
  const operations = operationLog({
    log,
    now: clock.now,
    onProgress: (id) => stream.tell({ type: 'operation', id }),
  })
  const letters = await followLetters({
    broker: infrastructure.broker,
    groups: participants,
    onChange: () => stream.tell({ type: 'dead-letters' }),
    onFatal,
  })

  return {
    routes: ({ definitions, beganAt, lagOf }) => [
      settingsRoutes(writes),
      deadLetterRoutes({ context, letters, operations, writes }),
      commandRoutes({ context, operations, writes }),
      operationRoutes({ operations }),
      topologyRoutes({ contracts, definitions, traffic, lagOf }),
      contractRoutes({ definitions, published }),
      traceRoutes({ jaeger: JAEGER_URL, definitions, beganAt, now: clock.now }),
      streamRoutes({ stream }),
    ],
    published,
    openLetters: () => letters.letters().letters.filter(({ resolved }) => !resolved),
    onSteps(steps) {
      traffic.count(steps)
      const sagaIds = [...new Set(steps.map(({ sagaId }) => sagaId))]
      stream.tell({ type: 'sagas', sagaIds, isPartial: false })
    },
    tell: stream.tell,
    async close() {
      stream.close()
      await letters.close()
    },
  }
}
