/**
 * `npm run overload`: how the order API behaves when it is asked for five times what the shop can do. Starts servers and services of
 * its own, finds out what the shop can do, and offers orders at constant rates, whatever becomes of those before.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { anyPorts, explain, startInfrastructure, wipeData } from '../infra/index.ts'
import { startRealShop } from '../test/shop.ts'
import type { ShopOfProcesses } from './shop/processes.ts'
import { orderBody, scenarios } from './shop/scenarios.ts'

const seconds = 20
/** Requests that the shop is busy with while its capacity is measured. */
const clients = 128

type Answer = { readonly status: number; readonly ms: number }

/** As a proxy would have: opened before they are needed, and kept. */
const connections = 500

const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections })
const body = JSON.stringify(orderBody(scenarios[0] ?? { paymentToken: 'tok_ok', postcode: '10115' }))

async function place(api: string): Promise<Answer> {
  const began = performance.now()
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() }
  const sent = request(`${api}/orders`, { method: 'POST', headers, agent }).end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  const ms = performance.now() - began
  answer.resume()
  return { status: answer.statusCode ?? 0, ms }
}

async function openConnections(api: string): Promise<void> {
  const open = async () => {
    const [answer] = (await once(request(`${api}/livez`, { agent }).end(), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
  }
  await Promise.all(Array.from({ length: connections }, open))
}

/** What happens to the shop while `load` runs, and until it has nothing left to do. */
async function measure(shop: ShopOfProcesses, title: string, load: (api: string) => Promise<Answer[]>) {
  const store = await shop.infrastructure.store('order')
  const count = (state: string) => store.countHeads({ state, limit: 1_000_000 })
  await openConnections(shop.addresses.order ?? '')
  const before = await count('delivered')
  const began = performance.now()
  let rss = 0
  const watching = setInterval(async () => {
    rss = Math.max(rss, await residentMegabytes(shop.pid('order')))
  }, 2_000)
  const answers = await load(shop.addresses.order ?? '')
  clearInterval(watching)
  const took = (performance.now() - began) / 1_000
  const ended = (await count('delivered')) - before
  const accepted = answers.filter(({ status }) => status === 202)
  const refused = answers.filter(({ status }) => status === 503 || status === 429)
  for (const end = Date.now() + 90_000; Date.now() < end; await sleep(250))
    if ((await count('delivered')) - before >= accepted.length) break
  const lost = accepted.length - ((await count('delivered')) - before)
  const per = (number: number) => (number / took).toFixed(0).padStart(6)
  console.log(
    `${title.padEnd(10)} offered${per(answers.length)}/s  accepted${per(accepted.length)}/s  delivered${per(ended)}/s` +
      `  refused p50 ${percentile(refused, 0.5)} ms, p99 ${percentile(refused, 0.99)} ms` +
      `  accepted p99 ${percentile(accepted, 0.99)} ms  other answers ${answers.length - accepted.length - refused.length}` +
      `  accepted but not delivered ${lost}  order service ${rss} MB`,
  )
  return ended / took
}

/** Each client orders anew as soon as it has an answer: all that the shop can take. */
async function closedLoop(api: string): Promise<Answer[]> {
  const end = performance.now() + seconds * 1_000
  const answers: Answer[] = []
  const client = async () => {
    while (performance.now() < end) {
      const answer = await place(api)
      answers.push(answer)
      if (answer.status !== 202) await sleep(100)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return answers
}

const openLoop = (perSecond: number) => async (api: string) => {
  const began = performance.now()
  const answers: Promise<Answer>[] = []
  while (performance.now() - began < seconds * 1_000) {
    const due = ((performance.now() - began) / 1_000) * perSecond
    while (answers.length < due) answers.push(place(api).catch(() => ({ status: 0, ms: 0 })))
    await sleep(2)
  }
  return await Promise.all(answers)
}

function percentile(answers: readonly Answer[], part: number): string {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0)
}

async function residentMegabytes(pid: number | undefined): Promise<number> {
  if (!pid) return 0
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Math.round(Number(stdout) / 1_024)
}

const folder = mkdtempSync(join(tmpdir(), 'chorus-overload-'))
try {
  const servers = await startInfrastructure({
    ports: anyPorts,
    dataFolder: join(folder, 'data'),
    progress: 'lines',
  })
  try {
    Object.assign(process.env, servers.environment)
    const shop = await startRealShop({
      withTracker: false,
      environment: { ORDER_PAYMENT_PATIENCE: '60000', ORDER_RATE_LIMIT: '100000000' },
    })
    // Node compiles what is hot, and a cold shop does half as much.
    for (let round = 0; round < 3; round++) await measure(shop, 'warm-up', closedLoop)
    const most = await measure(shop, 'capacity', closedLoop)
    const normal = await measure(shop, '1 ×', openLoop(most))
    const flooded = await measure(shop, '5 ×', openLoop(5 * most))
    const again = await measure(shop, 'capacity', closedLoop)
    const best = Math.max(most, normal, again)
    console.log(`At 5 × the shop delivers ${((100 * flooded) / best).toFixed(0)} % of the most that it did.`)
    await shop.stop()
  } finally {
    await servers.stop()
  }
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
} finally {
  await wipeData(join(folder, 'data'))
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}
