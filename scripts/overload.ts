/**
 * `npm run overload`: how the order API behaves when it is asked for five times what the shop can do. Starts servers and services of
 * its own, finds out what the shop can do, and offers orders at constant rates, whatever becomes of those before. Linux only.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { closedLoop, openLoop } from '../bench/load/loops.ts'
import { latenciesOf } from '../bench/percentiles.ts'
import { usageOf } from '../bench/process-usage.ts'
import { runScript, type Surroundings } from '../bench/script.ts'
import { anyPorts, startInfrastructure, wipeData } from '../infra/index.ts'
import { startRealShop } from '../test/shop.ts'
import { orderBody } from './shop/example-order.ts'
import type { ShopOfProcesses } from './shop/processes.ts'

const seconds = 20
/** Requests that the shop is busy with while its capacity is measured. */
const clients = 128

/** `ms`: since the moment in which the order was to be placed. `status` 0: there was no answer. */
type Answer = { readonly status: number; readonly ms: number }

/** A way to make orders come, until it is over. */
type Load = (place: (intendedAt: number) => Promise<Answer>, isOver: () => boolean) => Promise<void>

/** As a proxy would have: opened before they are needed, and kept. */
const connections = 500

const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections })
const body = JSON.stringify(orderBody())

async function place(api: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const sent = request(`${api}/orders`, { method: 'POST', headers, agent }).end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  return answer.statusCode ?? 0
}

async function openConnections(api: string): Promise<void> {
  const open = async () => {
    const [answer] = (await once(request(`${api}/livez`, { agent }).end(), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
  }
  await Promise.all(Array.from({ length: connections }, open))
}

/** All that the shop can take: each client orders anew as soon as it has an answer, after a pause when that is no yes. */
const asMuchAsItTakes: Load = (place, isOver) =>
  closedLoop(
    clients,
    async (intendedAt) => {
      if ((await place(intendedAt)).status !== 202) await sleep(100)
    },
    isOver,
  )

const atRate =
  (perSecond: number): Load =>
  (place, isOver) =>
    openLoop(perSecond, async (intendedAt) => void (await place(intendedAt)), isOver)

/** Offers orders for some seconds and resolves with every answer; `rss`: the most memory, in bytes, that the order service was seen with. */
async function offer(shop: ShopOfProcesses, load: Load, signal: AbortSignal) {
  const api = shop.addresses.order ?? ''
  await openConnections(api)
  let rss = 0
  const watching = setInterval(() => {
    const pid = shop.pid('order')
    if (pid) rss = Math.max(rss, usageOf(pid).rss)
  }, 2_000)
  const answers: Answer[] = []
  const timed = async (intendedAt: number) => {
    const status = await place(api).catch(() => 0)
    const answer = { status, ms: performance.now() - intendedAt }
    answers.push(answer)
    return answer
  }
  const began = performance.now()
  await load(timed, () => signal.aborted || performance.now() - began >= seconds * 1_000)
  clearInterval(watching)
  signal.throwIfAborted()
  return { answers, rss, took: (performance.now() - began) / 1_000 }
}

/** Tells what happens to the shop while `load` runs, and until it has nothing left to do. Resolves with what it delivered per second. */
async function measure(shop: ShopOfProcesses, title: string, load: Load, { signal, say }: Surroundings) {
  const store = await shop.infrastructure.store('order')
  const count = () => store.countHeads({ state: 'delivered', limit: 1_000_000 })
  const before = await count()
  const { answers, rss, took } = await offer(shop, load, signal)
  const ended = (await count()) - before
  const accepted = answers.filter(({ status }) => status === 202)
  const refused = answers.filter(({ status }) => status === 503 || status === 429)
  for (
    const end = performance.now() + 90_000;
    performance.now() < end;
    await sleep(250, undefined, { signal })
  )
    if ((await count()) - before >= accepted.length) break
  const lost = accepted.length - ((await count()) - before)
  const per = (number: number) => (number / took).toFixed(0).padStart(6)
  const refusals = latenciesOf(refused.map(({ ms }) => ms))
  const acceptances = latenciesOf(accepted.map(({ ms }) => ms))
  say(
    `${title.padEnd(10)} offered${per(answers.length)}/s  accepted${per(accepted.length)}/s  delivered${per(ended)}/s` +
      `  refused p50 ${refusals.p50.toFixed(0)} ms, p99 ${refusals.p99.toFixed(0)} ms` +
      `  accepted p99 ${acceptances.p99.toFixed(0)} ms` +
      `  other answers ${answers.length - accepted.length - refused.length}` +
      `  accepted but not delivered ${lost}  order service ${(rss / 1_048_576).toFixed(0)} MB`,
  )
  return ended / took
}

await runScript('overload', async (surroundings) => {
  const dataFolder = join(surroundings.folder, 'data')
  const servers = await startInfrastructure({
    ports: anyPorts,
    dataFolder,
    progress: 'lines',
    signal: surroundings.signal,
  })
  let shop: ShopOfProcesses | undefined
  try {
    Object.assign(process.env, servers.environment)
    shop = await startRealShop({
      withTracker: false,
      environment: { ORDER_PAYMENT_PATIENCE: '60000', ORDER_RATE_LIMIT: '100000000' },
    })
    await flood(shop, surroundings)
  } finally {
    await shop?.stop()
    await servers.stop()
    await wipeData(dataFolder)
  }
})

async function flood(shop: ShopOfProcesses, surroundings: Surroundings): Promise<void> {
  const measured = (title: string, load: Load) => measure(shop, title, load, surroundings)
  // Node compiles what is hot, and a cold shop does half as much.
  for (let round = 0; round < 3; round++) await measured('warm-up', asMuchAsItTakes)
  const most = await measured('capacity', asMuchAsItTakes)
  const normal = await measured('1 ×', atRate(most))
  const flooded = await measured('5 ×', atRate(5 * most))
  const again = await measured('capacity', asMuchAsItTakes)
  const best = Math.max(most, normal, again)
  surroundings.say(
    `At 5 × the shop delivers ${((100 * flooded) / best).toFixed(0)} % of the most that it did.`,
  )
}
