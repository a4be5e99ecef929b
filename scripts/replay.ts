/** `npm run replay`: replays recorded journals on the machines of this tree, and says where a saga would leave its path. */
import { parseArgs } from 'node:util'
import { replaySagas, type SagaJournals } from '#orchestration'
import { explain } from '../infra/index.ts'
import { withAddresses } from './chorus/connect.ts'
import { journalsInFolder, journalsInMongo } from './replay/journals.ts'
import { shippedParticipants } from './replay/participants.ts'
import { asJson, asText } from './replay/print.ts'

const usage = `Usage: npm run replay -- [--from <folder|mongodb uri>] [--json]

Replays every journal on the machines of this tree. Exit code 1 when a saga would leave its path.

  --from   a folder of .jsonl files, e.g. services, or the database of a shop, which may be running
           (default: MONGODB_URI, else that of npm start)
  --json   the report for programs`

try {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(usage)
  else await run(values.from ?? databaseUri(), values.json)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

async function run(from: string, json: boolean): Promise<void> {
  const parts = shippedParticipants(process.env)
  const names = parts.map(({ name }) => name)
  const began = performance.now()
  const report = await replaySagas(parts, await journals(from, names))
  const told = { report, from: withoutCredentials(from), seconds: (performance.now() - began) / 1_000 }
  console.log(json ? asJson(told) : asText(told))
  process.exitCode = report.divergences.length === 0 ? 0 : 1
}

async function journals(
  from: string,
  names: readonly string[],
): Promise<AsyncIterable<SagaJournals> | Iterable<SagaJournals>> {
  const database = process.env.MONGODB_DATABASE || 'chorus'
  return isUri(from) ? journalsInMongo(from, database, names) : await journalsInFolder(from, names)
}

function isUri(from: string): boolean {
  return /^mongodb(\+srv)?:\/\//.test(from)
}

function databaseUri(): string {
  return process.env.MONGODB_URI ?? withAddresses(process.env).MONGODB_URI ?? ''
}

function withoutCredentials(from: string): string {
  return isUri(from) ? from.replace(/\/\/[^@/]*@/, '//') : from
}
