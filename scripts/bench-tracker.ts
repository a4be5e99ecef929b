/** `npm run bench:tracker`: how fast the tracker answers with many sagas in its store. See `bench/README.md`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { createLogger } from '#observability'
import { figure, table } from '../bench/report/table.ts'
import { benchTracker } from '../bench/tracker/run.ts'
import { anyPorts, explain, startInfrastructure } from '../infra/index.ts'

/** Milliseconds that a page may wait for its answer. */
const limit = 200

const program = new Command('npm run bench:tracker --')
  .option('--sagas <number>', 'stored sagas', number, 100_000)
  .addOption(new Option('--store <kind>', 'where they lie').choices(['local', 'memory']).default('local'))
  .parse()
const { sagas, store } = program.opts<{ sagas: number; store: 'local' | 'memory' }>()

const folder = mkdtempSync(join(tmpdir(), 'chorus-bench-tracker-'))
const log = createLogger({ service: 'bench', level: 'error' })
try {
  const servers = store === 'local' ? await startStore() : undefined
  try {
    const uri = servers?.environment.MONGODB_URI
    const pid = servers?.processes.find(({ name }) => name === 'store')?.pid()
    const results = await benchTracker({
      sagas,
      store: uri ? { uri, pid } : undefined,
      log,
      say: console.log,
    })
    const rows = results.map(({ path, ...times }) => [
      `\`${path.replace(/cursor=.*/, 'cursor=…')}\``,
      ...[times.first, times.p50, times.max, times.cpu].map(figure),
    ])
    console.log(`\n${table(['Question', 'first, ms', 'p50, ms', 'slowest, ms', 'CPU-ms'], rows)}`)
    const slow = results.filter(({ p50 }) => p50 > limit)
    if (slow.length > 0) throw new Error(`slower than ${limit} ms: ${slow.map(({ path }) => path).join(' ')}`)
  } finally {
    await servers?.stop()
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}

/** The store that is there, with data of its own. */
function startStore() {
  return startInfrastructure({
    mode: 'local',
    parts: ['store'],
    ports: anyPorts,
    dataFolder: join(folder, 'data'),
    environment: process.env,
    progress: 'silent',
  })
}

function number(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('expected a whole number above 0')
}
