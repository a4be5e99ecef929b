/** One part of the business on DBOS, as a process: `PEER_PART` says which. The order part takes orders over HTTP. */
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { companiesAt } from '../companies.ts'
import { endingsTeller } from '../endings-told.ts'
import type { PartName } from '../parts.ts'
import { rowsOf } from './rows.ts'
import { sayIn, versionOf } from './say.ts'
import { type DbosClient, dbosSdk } from './sdk.ts'
import { workflowsOf } from './workflows.ts'

const { PEER_PACKAGES = '', PEER_PORT, PEER_ENDINGS_PORT, PEER_DATABASE = '', SANDBOX_URL = '' } = process.env
const part = process.env.PEER_PART as PartName
/** Connections for DBOS, and as many for the part's own rows. */
const connections = 16
/** Milliseconds: often enough for short waits, seldom enough that looking does not cost more than the work. */
const minPollingIntervalMs = 20

const { DBOS, DBOSClient, Pool } = dbosSdk(PEER_PACKAGES)
const database = new Pool({ connectionString: PEER_DATABASE, max: connections })
const rows = rowsOf(part, database)
await rows.create()

DBOS.setConfig({
  name: part,
  systemDatabaseUrl: PEER_DATABASE,
  systemDatabasePoolSize: connections,
  applicationVersion: versionOf(part),
  executorID: part,
  logLevel: 'error',
})
/** Not there before the database is; workflows that are taken up again at the start wait for it. */
const client = Promise.withResolvers<DbosClient>()
const wanted = workflowsOf({
  rows,
  database,
  companies: companiesAt(SANDBOX_URL),
  effect: (name, work) => DBOS.runStep(work, { name, retriesAllowed: true }),
  say: sayIn(database, client.promise),
  ended: endingsTeller(Number(PEER_ENDINGS_PORT)).tell,
})[part]
const workflows = new Map(
  Object.entries(wanted).map(([name, workflow]) => [name, DBOS.registerWorkflow(workflow, { name })]),
)
await DBOS.launch()
client.resolve(await DBOSClient.create({ systemDatabaseUrl: PEER_DATABASE }))
await DBOS.registerQueue(part, { minPollingIntervalMs })

// Longer than any customer waits: a connection that is closed while it is used again would be an error of the load.
const keepAliveTimeout = 120_000
createServer({ keepAliveTimeout }, async (request, response) => {
  const place = workflows.get('place')
  if (!place) throw new Error(`${part} takes no orders`)
  const orderId = String(request.headers['idempotency-key'])
  const input = (await json(request)) as never
  await DBOS.startWorkflow(place, { workflowID: `${orderId}-place` })(orderId, input)
  response.writeHead(202, { location: `/orders/${orderId}` }).end()
}).listen(Number(PEER_PORT), '127.0.0.1')

process.once('SIGTERM', () => process.exit(0))
