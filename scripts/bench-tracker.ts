/** `npm run bench:tracker`: how fast the tracker answers with many sagas in its store. See `bench/README.md`. */
import { Command, Option } from 'commander'
import { createLogger } from '#observability'
import { figure, table } from '../bench/report/table.ts'
import { runScript } from '../bench/script.ts'
import { benchTracker } from '../bench/tracker/run.ts'
import { anyPorts, startInfrastructure } from '../infra/index.ts'
import { wholeNumber } from './chorus/arguments.ts'

/** Milliseconds that a page may wait for its answer. */
const limit = 200

const program = new Command('npm run bench:tracker --')
  .option('--sagas <number>', 'stored sagas', wholeNumber, 100_000)
  .addOption(new Option('--store <kind>', 'where they lie').choices(['local', 'memory']).default('local'))
  .parse()
const { sagas, store } = program.opts<{ sagas: number; store: 'local' | 'memory' }>()

await runScript('bench-tracker', async ({ folder, signal, say }) => {
  const log = createLogger({ service: 'bench', level: 'error' })
  const servers = store === 'local' ? await startStore(folder, signal) : undefined
  try {
    const uri = servers?.environment.MONGODB_URI
    const pid = servers?.processes.find(({ name }) => name === 'store')?.pid()
    const results = await benchTracker({ sagas, store: uri ? { uri, pid } : undefined, log, signal, say })
    const rows = results.map(({ path, ...times }) => [
      `\`${path.replace(/cursor=.*/, 'cursor=…')}\``,
      ...[times.first, times.p50, times.max, times.cpu].map(figure),
    ])
    say(`\n${table(['Question', 'first, ms', 'p50, ms', 'slowest, ms', 'CPU-ms'], rows)}`)
    const slow = results.filter(({ p50 }) => p50 > limit)
    if (slow.length > 0) throw new Error(`slower than ${limit} ms: ${slow.map(({ path }) => path).join(' ')}`)
  } finally {
    await servers?.stop()
  }
})

/** The store that is there, with data of its own. */
function startStore(dataFolder: string, signal: AbortSignal) {
  return startInfrastructure({
    mode: 'local',
    parts: ['store'],
    ports: anyPorts,
    dataFolder,
    environment: process.env,
    progress: 'silent',
    signal,
  })
}
