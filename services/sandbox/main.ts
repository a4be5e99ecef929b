import { createLogger } from '#observability'
import { type RunningService, readConfig, type ServiceContext, serveHttp, systemClock } from '#orchestration'
import { sandboxApp } from './app.ts'
import { sandboxConfig } from './config.ts'
import { openLedger } from './ledger.ts'

type SandboxContext = Pick<ServiceContext, 'environment' | 'log'>

/** Plays the payment provider and the carrier. It stands for other companies, so it knows no Kafka and no store of ours. */
export const sandbox = {
  name: 'sandbox',
  async start({ environment, log }: SandboxContext): Promise<RunningService> {
    const config = readConfig(sandboxConfig, environment)
    const ledger = await openLedger(config.SANDBOX_LEDGER)
    const app = sandboxApp({ ledger, clock: systemClock, log })
    const server = await serveHttp(app, config.SANDBOX_PORT).catch(async (error) => {
      await ledger.close()
      throw error
    })
    return {
      address: server.address,
      async stop() {
        await server.close()
        await ledger.close()
      },
    }
  },
}

if (import.meta.main) await runAlone()

/** `runService` would first wait for Kafka and the store, which the sandbox does without. */
async function runAlone(): Promise<void> {
  const log = createLogger({ service: sandbox.name })
  try {
    const running = await sandbox.start({ environment: process.env, log })
    const stop = async (signal: string) => {
      log.info(`${signal}: stopping`)
      await running.stop()
      process.exit(0)
    }
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void stop(signal))
    log.info('ready', { address: running.address })
  } catch (error) {
    log.error('cannot start', { error })
    process.exit(1)
  }
}
