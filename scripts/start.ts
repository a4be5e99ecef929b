import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Command, Option } from 'commander'
import { startMetrics } from '#observability'
import { buildConsole } from '../console/build.ts'
import {
  type AskableMode,
  askableModes,
  dataFolderFrom,
  explain,
  type Infrastructure,
  type Ports,
  portsFrom,
  type ServerProcess,
  startInfrastructure,
  withFreePorts,
} from '../infra/index.ts'
import { startEmbedded } from './shop/embedded.ts'
import { orderBody } from './shop/example-order.ts'
import { type Printed, playScenarios, printEvents } from './shop/play.ts'
import { prepareServers } from './shop/prepare.ts'
import { portSettings, type ShopOfProcesses, startProcesses } from './shop/processes.ts'
import { forgetShop, recordShop, restartBroker, runningShop } from './shop/running-shop.ts'
import { scenarios } from './shop/scenarios.ts'
import { demonstrationSettings, type ServiceName, type Shop, serviceNames } from './shop/shop.ts'

const options = new Command('npm start --')
  .description('Starts everything, plays four orders and keeps running until Ctrl-C.')
  .option('--once', 'play the four orders, check their endings, stop everything')
  .addOption(
    new Option('--infra <mode>', 'where the servers come from; without it the first that can run').choices(
      askableModes,
    ),
  )
  .option('--no-tracker', 'leave the tracker out: every order still reaches its ending')
  .addHelpText(
    'after',
    '\nExit code: 0 all orders ended as they should · 1 something failed · 130 interrupted',
  )
  .parse()
  .opts<{ once?: boolean; infra?: AskableMode; tracker: boolean }>()

const replacePause = 5_000
const say = (line = '') => process.stdout.write(`${line}\n`)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error(signal)))

const folder = dataFolderFrom(process.env)

process.exitCode = await run()

async function run(): Promise<number> {
  let infrastructure: Infrastructure | undefined
  let shop: Shop | undefined
  let printed: Printed | undefined
  try {
    const page = options.tracker ? prepareConsole() : undefined
    const ports = await withFreePorts(portsFrom(process.env))
    infrastructure = await startInfrastructure({
      ...(options.infra && { mode: options.infra }),
      ports,
      alsoNeeded: serviceNames,
      onDeath: serverDied,
      signal: interrupted.signal,
    })
    describe(infrastructure)
    shop = await open(infrastructure, ports)
    beFound(shop, infrastructure)
    await page
    printed = await printEvents(shop, say)
    const failed = await playScenarios(shop, printed, say, interrupted.signal)
    if (!options.once) {
      addresses(shop, infrastructure)
      await untilInterrupted()
    }
    return failed === 0 ? 0 : 1
  } catch (error) {
    if (!interrupted.signal.aborted) process.stderr.write(`${explain(error)}\n`)
    return interrupted.signal.aborted ? 130 : 1
  } finally {
    say('\nStopping …')
    forgetShop(folder)
    await printed?.close()
    await shop?.stop()
    await infrastructure?.stop()
    say('Stopped.')
  }
}

/** While the servers start. Sagas need no page: without it the tracker says how to build it. */
async function prepareConsole(): Promise<void> {
  await buildConsole().catch((error: Error) => say(`– The console could not be built: ${error.message}`))
}

function describe({ mode, why, servers, missing }: Infrastructure): void {
  say(`\nInfrastructure: ${mode} (${why})`)
  for (const { name, version, address } of servers) say(`  ${name} ${version}  ${address}`)
  for (const { what, blocks, command } of missing)
    say(`  – ${what} is not there: ${blocks}. To have it: ${command}`)
}

async function open(infrastructure: Infrastructure, ports: Ports): Promise<Shop> {
  const { mode, environment } = infrastructure
  const settings = {
    ...demonstrationSettings,
    ...process.env,
    ...environment,
    ...portSettings(ports),
  }
  const withTracker = options.tracker
  if (mode === 'embedded') {
    say('  Everything runs in this process, on memory: nothing outlives it.')
    startMetrics({ service: 'shop' })
    return await startEmbedded({ environment: settings, withTracker })
  }
  const { subjects, created } = await prepareServers(settings)
  say(`\nContracts: ${subjects.length} published or up to date. Topics: ${created.length} created.`)
  const logs = join(folder, 'logs')
  const shop: ShopOfProcesses = await startProcesses({
    environment: { SANDBOX_LEDGER: join(folder, 'sandbox.jsonl'), ...settings },
    withTracker,
    logs,
    onDeath: (name, how) => void replace(shop, name, how).then(() => beFound(shop, infrastructure)),
    ports,
  })
  say(`Services, a process each (logs: ${relative('.', logs)}):`)
  for (const [name, address] of Object.entries(shop.addresses))
    say(`  ${name.padEnd(9)} ${address}  pid ${shop.pid(name as ServiceName)}`)
  return shop
}

/** Other commands find the shop, and may have Kafka die and come back. */
function beFound(shop: Shop, infrastructure: Infrastructure): void {
  if (interrupted.signal.aborted) return
  recordShop(folder, runningShop(shop, infrastructure))
  const kafka = infrastructure.processes.find(({ name }) => name === 'kafka')
  process.removeAllListeners(restartBroker)
  if (kafka) process.on(restartBroker, () => void killAndRestart(kafka))
}

async function killAndRestart(kafka: ServerProcess): Promise<void> {
  say('\n✗ Kafka is killed, as it was asked for. The services wait for it. Starting it again …')
  await kafka.kill()
  await kafka.restart().then(
    () => say('✓ Kafka is back.\n'),
    (error) => process.stderr.write(`${explain(error)}\n`),
  )
}

/** Nobody here starts a server again that dies by itself: its data may want to be looked at first. */
function serverDied(name: string, how: string): void {
  const logs = relative('.', join(folder, 'logs'))
  say(
    `\n✗ ${name} has ended (${how}); its log is in ${logs}. The services wait for it. Ctrl-C and npm start bring it back.\n`,
  )
}

/** What an orchestrator would do; after a pause, so that one can watch the others wait. */
async function replace(shop: ShopOfProcesses, name: ServiceName, how: string): Promise<void> {
  say(
    `\n✗ ${name} has ended (${how}). What it had not finished waits for it. Starting it again in ${replacePause / 1000} s …`,
  )
  while (!interrupted.signal.aborted) {
    await sleep(replacePause, undefined, { signal: interrupted.signal }).catch(() => {})
    if (interrupted.signal.aborted || (await isBack(shop, name))) return
  }
}

async function isBack(shop: ShopOfProcesses, name: ServiceName): Promise<boolean> {
  try {
    await shop.restart(name)
    say(`✓ ${name} is back (pid ${shop.pid(name)}).\n`)
    return true
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`)
    return false
  }
}

function addresses({ addresses: { order, tracker } }: Shop, { environment }: Infrastructure): void {
  const [scenario] = scenarios
  if (!scenario) return
  say(`
  API         ${order}/orders
  Try it      ${order}/docs   (OpenAPI: ${order}/openapi.json)
  Console     ${tracker ? `${tracker}/console` : 'the tracker is off'}
  Break it    npm run demo
  Traces      ${environment.JAEGER_URL ? `${environment.JAEGER_URL}/api/traces?service=order` : 'not collected; npm run infra:build brings Jaeger'}
  Registry    ${environment.SCHEMA_REGISTRY_URL ?? 'in memory'}

  curl -i ${order}/orders -H 'content-type: application/json' -H "idempotency-key: $RANDOM$RANDOM" \\
    -d '${JSON.stringify(orderBody(scenario))}'

Ctrl-C stops everything.`)
}

async function untilInterrupted(): Promise<void> {
  const for24Days = 2 ** 31 - 1 // the longest timer that Node has; it keeps the process alive
  while (!interrupted.signal.aborted)
    await sleep(for24Days, undefined, { signal: interrupted.signal }).catch(() => {})
}
