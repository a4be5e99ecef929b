import type { Infrastructure } from '#orchestration'
import { Problem } from '../../infra/problem.ts'
import { isAlive, signalGroup } from '../../infra/processes.ts'
import { waitUntil } from '../../infra/wait.ts'
import { type RunningShop, restartBroker } from '../shop/running-shop.ts'
import type { ServiceName } from '../shop/shop.ts'
import type { DemoStage } from './scenario.ts'

/** Longest wait for a service or the broker to come back, in ms. */
const limitMs = 90_000
const usingBroker: readonly ServiceName[] = ['order', 'payment', 'shipping']

/** A shop that `npm start` runs, or one that only gives its addresses. */
export function runningStage(options: {
  readonly address: (name: ServiceName) => string
  /** As it is now; `undefined` for one that runs elsewhere. */
  readonly shop: () => RunningShop | undefined
  readonly connect: () => Promise<Infrastructure>
  readonly say: (line: string) => void
}): DemoStage & { close(): Promise<void> } {
  const { address, shop, connect, say } = options
  let connected: Promise<Infrastructure> | undefined

  async function ready(name: ServiceName): Promise<void> {
    const response = await fetch(`${address(name)}/readyz`, { signal: AbortSignal.timeout(3_000) })
    if (!response.ok) throw new Error(`${name} answers ${response.status}`)
  }

  async function untilUnready(): Promise<void> {
    const isReady = await ready('order').then(
      () => true,
      () => false,
    )
    if (isReady) throw new Error('Kafka does not go away')
  }

  return {
    address,
    say,
    infrastructure() {
      if (shop()?.mode === 'embedded') throw embedded()
      connected ??= connect()
      return connected
    },
    async stopService(name) {
      const running = shop()?.services[name]
      if (!running)
        throw notOurs(`${name} is no process of a shop here`, `stop ${name} yourself, and start it again`)
      signalGroup(running.pid, 'SIGTERM')
      await waitUntil(async () => refuseAlive(name, isAlive(running)), { limitMs })
    },
    async startService(name) {
      // Whoever started the shop brings back what has ended.
      await waitUntil(() => ready(name), { limitMs })
    },
    broker() {
      const running = shop()
      if (!running?.ownsBroker)
        throw notOurs(
          'Kafka is no process of `npm start` here',
          'restart it as it was started, e.g. docker compose restart kafka',
        )
      return {
        async restart() {
          process.kill(running.owner.pid, restartBroker)
          await waitUntil(untilUnready, { limitMs })
          await Promise.all(usingBroker.map((name) => waitUntil(() => ready(name), { limitMs })))
        },
      }
    },
    async close() {
      await (await connected)?.close()
    },
  }
}

function refuseAlive(name: ServiceName, alive: boolean): void {
  if (alive) throw new Error(`${name} does not end`)
}

function embedded(): Problem {
  return new Problem('This scenario speaks to Kafka itself.', {
    why: 'the shop is embedded in its one process, and has no Kafka',
    fix: 'npm start -- --infra local   (npm run doctor says what it needs)',
  })
}

function notOurs(why: string, fix: string): Problem {
  return new Problem('This scenario cannot be played here.', { why, fix, or: 'npm start, and play it there' })
}
