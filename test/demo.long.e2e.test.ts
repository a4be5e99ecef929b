import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { anyPorts, type Infrastructure, startInfrastructure, wipeData } from '../infra/index.ts'
import { playScenario } from '../scripts/demo/play.ts'
import type { DemoScenario, DemoStage } from '../scripts/demo/scenario.ts'
import { demoScenarios } from '../scripts/demo/scenarios.ts'
import { prepareServers } from '../scripts/shop/prepare.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { eventually, startRealShop } from './shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'chorus-demo-'))
let servers: Infrastructure
let shop: ShopOfProcesses

/** Servers of its own: the other tests would not like it if theirs were killed. */
beforeAll(async () => {
  const none = { KAFKA_BOOTSTRAP_SERVERS: '', SCHEMA_REGISTRY_URL: '', MONGODB_URI: '' }
  servers = await startInfrastructure({
    mode: 'local',
    parts: ['kafka', 'registry', 'store'],
    ports: anyPorts,
    shortLived: true,
    dataFolder: join(folder, 'data'),
    environment: { ...process.env, ...none },
    progress: 'silent',
  })
  Object.assign(process.env, servers.environment)
  // On a busy machine a registry that has just started is slow to answer.
  await eventually(async () => void (await prepareServers(process.env)), 60_000)
  shop = await startRealShop()
}, 180_000)

afterAll(async () => {
  await shop?.stop()
  await servers?.stop()
  await wipeData(join(folder, 'data'))
}, 60_000)

/** What a scenario lays hands on, here where the shop is. */
function stage(): DemoStage {
  const kafka = servers.processes.find(({ name }) => name === 'kafka')
  if (!kafka) throw new Error('there is no Kafka of our own')
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
