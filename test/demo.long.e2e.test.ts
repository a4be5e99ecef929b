import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { playScenario } from '../scripts/demo/play.ts'
import type { DemoScenario, DemoStage } from '../scripts/demo/scenario.ts'
import { demoScenarios } from '../scripts/demo/scenarios.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { type OwnServers, startOwnServers } from './own-servers.ts'
import { startRealShop } from './shop.ts'

let servers: OwnServers
let shop: ShopOfProcesses

beforeAll(async () => {
  servers = await startOwnServers()
  shop = await startRealShop()
}, 180_000)

afterAll(async () => {
  await shop?.stop()
  await servers?.stop()
}, 60_000)

/** What a scenario lays hands on, here where the shop is. */
function stage(): DemoStage {
  const kafka = servers.server('kafka')
  return {
    address: (name) => shop.addresses[name] ?? '',
    infrastructure: async () => shop.infrastructure,
    stopService: shop.terminate,
    startService: shop.restart,
    broker: () => ({
      async restart() {
        await kafka.kill()
        await kafka.restart()
      },
    }),
    say() {},
  }
}

const breaksTheBroker = ({ name }: DemoScenario) => name === 'broker-restart'

async function failed(scenarios: readonly DemoScenario[]) {
  const played = await Promise.all(scenarios.map((scenario) => playScenario(scenario, stage())))
  return played.filter(({ ok }) => !ok)
}

test('every scenario ends as it must, all at once', async () => {
  const scenarios = demoScenarios.filter((scenario) => !breaksTheBroker(scenario))
  expect(scenarios.length).toBeGreaterThan(7)
  expect(await failed(scenarios)).toEqual([])
}, 90_000)

test('an order goes on where it was when the broker was killed meanwhile', async () => {
  const scenarios = demoScenarios.filter(breaksTheBroker)
  expect(scenarios).toHaveLength(1)
  expect(await failed(scenarios)).toEqual([])
}, 120_000)
