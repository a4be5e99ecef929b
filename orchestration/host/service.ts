import type { Contracts } from '#messaging'
import { createLogger, type Logger, shutdownTracing } from '#observability'
import type { Clock } from '../clock.ts'
import { clockFrom } from './clock.ts'
import { connectInfrastructure, type Environment, type Infrastructure } from './infrastructure.ts'
import { whenReachable } from './when-reachable.ts'

/** A deployable: it can run alone in a process, or beside others in one. */
export type Service = {
  readonly name: string
  /** Resolves when it is ready. Rejects with a clear sentence when it cannot start, and then leaves nothing running: it may be called again. */
  start(context: ServiceContext): Promise<RunningService>
}

export type ServiceContext = {
  readonly infrastructure: Infrastructure
  readonly environment: Environment
  readonly clock: Clock
  readonly log: Logger
  /** The service cannot go on: the process should end, so that a new one takes over. */
  readonly onFatal: (error: Error) => void
}

export type RunningService = {
  /** Base URL of what it serves over HTTP. */
  readonly address: string
  /** An orderly stop; loses nothing even when it is cut short. */
  stop(): Promise<void>
}

/** Longest orderly stop in ms, below the 30 s that Kubernetes grants. */
const stopLimit = 20_000

/** Runs a service as this process: servers from the environment, an orderly stop on SIGTERM and SIGINT, exit code 1 when it cannot go on. */
export async function runService(service: Service, contracts: Contracts): Promise<void> {
  const log = createLogger({ service: service.name })
  const exit = (code: number) => shutdownTracing().finally(() => process.exit(code))
  const fail = (message: string) => (error: unknown) => {
    log.error(message, { error })
    return exit(1)
  }

  let stopping = false
  async function stop(
    signal: string,
    running: RunningService,
    infrastructure: Infrastructure,
  ): Promise<void> {
    if (stopping) return
    stopping = true
    log.info(`${signal}: stopping`)
    setTimeout(
      () => fail('the orderly stop took too long')(new Error(`not stopped after ${stopLimit} ms`)),
      stopLimit,
    ).unref()
    await running.stop()
    await infrastructure.close()
    log.info('stopped')
    await exit(0)
  }

  try {
    const environment = process.env
    const clock = clockFrom(environment)
    const retry = { clock, log }
    const infrastructure = await whenReachable(
      () => connectInfrastructure(contracts, { environment, log }),
      retry,
    )
    const onFatal = (error: Error) => void fail('cannot go on')(error)
    const context = { infrastructure, environment, clock, log, onFatal }
    const running = await whenReachable(() => service.start(context), retry)
    for (const signal of ['SIGTERM', 'SIGINT'])
      process.on(signal, () => void stop(signal, running, infrastructure))
    log.info('ready', { address: running.address })
  } catch (error) {
    await fail('cannot start')(error)
  }
}
