import { contracts, topics } from '#contracts'
import { createLogger } from '#observability'
import { memoryInfrastructure, type RunningService, type Service, systemClock } from '#orchestration'
import { order } from '../../services/order/main.ts'
import { payment } from '../../services/payment/main.ts'
import { sandbox } from '../../services/sandbox/main.ts'
import { shipping } from '../../services/shipping/main.ts'
import { tracker } from '../../services/tracker/main.ts'
import type { ServiceName, Shop, ShopOptions } from './shop.ts'

/** All services in this process on the memory broker and store: nothing outlives it. The same services, the same code. */
export async function startEmbedded({ environment, withTracker = true }: ShopOptions): Promise<Shop> {
  const infrastructure = await memoryInfrastructure(contracts, topics)
  const running = new Map<ServiceName, RunningService>()

  async function start(
    service: Service,
    settings: Readonly<Record<string, string>>,
  ): Promise<RunningService> {
    const log = createLogger({ service: service.name, level: environment.LOG_LEVEL ?? 'warn' })
    const onFatal = (error: Error) => log.error('cannot go on', { error })
    const started = await service.start({
      infrastructure,
      environment: { ...environment, ...settings },
      clock: systemClock,
      log,
      onFatal,
    })
    running.set(service.name as ServiceName, started)
    return started
  }

  async function stop(): Promise<void> {
    for (const name of ['order', 'payment', 'shipping', 'tracker', 'sandbox'] as const)
      await running.get(name)?.stop()
    await infrastructure.close()
  }

  try {
    const { address } = await start(sandbox, {})
    for (const service of [order, payment, shipping, ...(withTracker ? [tracker] : [])])
      await start(service, { SANDBOX_URL: address })
  } catch (error) {
    await stop()
    throw error
  }
  const addresses = Object.fromEntries([...running].map(([name, { address }]) => [name, address]))
  return { addresses, infrastructure, stop }
}
