/**
 * `npm test`: types, format and lint, dead code, then every Jest test, those of real servers too. The servers are
 * brought up once, on free ports, with their data in a temporary folder. `--long`: the tests that take minutes instead. Arguments go to Jest.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anyPorts, describeInfrastructure, explain, startInfrastructure, wipeData } from '../infra/index.ts'
import { chromiumPath } from '../test/browser.ts'
import { type Outcome, runCheck, runJest, testFiles, timed } from './test-steps.ts'

const given = process.argv.slice(2)
const args = given.filter((arg) => arg !== '--long')
/** What takes minutes by its nature is left out, unless it is asked for: by `--long`, or by its path. */
const isLong = given.includes('--long')
const long = '**/*.long.e2e.test.ts'
const withoutLong = args.length > 0 ? [] : [`--testMatch=!${long}`]
const folder = mkdtempSync(join(tmpdir(), 'chorus-test-'))
const interrupted = new AbortController()
const { signal } = interrupted
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(name, () => interrupted.abort(new Error(name)))

/** What needs a browser is not run where there is none; then that is said. */
const inBrowser = '**/console.e2e.test.ts'
const withoutBrowser = chromiumPath() ? [] : [`--testMatch=!${inBrowser}`]

/** Each test end to end runs a shop of its own, and two at once would be one consumer group: one after the other. */
// Jest would take paths behind --testMatch for more patterns: arguments stand before it.
const short = [
  { title: 'tests', select: ['--testMatch=**/*.test.ts', '--testMatch=!**/*.e2e.test.ts'] },
  {
    title: 'tests end to end',
    select: ['--testMatch=**/*.e2e.test.ts', ...withoutLong, ...withoutBrowser, '--runInBand'],
  },
]
const phases = (
  isLong ? [{ title: 'long tests', select: [`--testMatch=${long}`, '--runInBand'] }] : short
).filter(({ select }) => testFiles([...args, ...select]).length > 0)

const servers = needServers() ? startServers() : undefined
try {
  const outcomes = [
    await timed('types (tsc)', () => runCheck('tsc', [], signal)),
    await timed('types of the console (tsc)', () => runCheck('tsc', ['-p', 'console'], signal)),
    await timed('format and lint (biome)', () => runCheck('biome', ['check'], signal)),
    await timed('dead code (knip)', () => runCheck('knip', [], signal)),
  ]
  if (servers)
    outcomes.push(await timed('servers for the tests', () => servers.then(({ outcome }) => outcome)))
  // What tests leave in the temporary folder goes with ours.
  // Services are started some fifty times, and what Node has compiled once is there the next time.
  const places = { TMPDIR: folder, NODE_COMPILE_CACHE: join(folder, 'compiled') }
  const env = { ...process.env, ...places, ...(await servers)?.environment }
  for (const { title, select } of phases) {
    const report = join(folder, `${title}.json`)
    outcomes.push(await timed(title, () => runJest([...args, ...select], { report, env, signal })))
  }
  if (!isLong && withoutLong.length > 0)
    console.log('– left to npm run test:long: chaos, outages, failures on demand, records that kill')
  if (!isLong && withoutBrowser.length > 0)
    console.log(
      `– NOT RUN: ${inBrowser}, as no Chromium is here (apt-get install chromium, or set CHROMIUM_PATH)`,
    )
  if (phases.length === 0) {
    console.error(`✗ no test matches ${args.join(' ')}`)
    outcomes.push({ passed: 0, failed: 1 })
  }
  conclude(outcomes)
} finally {
  await (await servers)?.stop()
  await wipeData(join(folder, 'data'))
  rmSync(folder, { recursive: true, force: true })
}

/** The names of tests against real servers say so, as in `x.kafka.test.ts`; infra's own start their servers. */
function needServers(): boolean {
  return testFiles(args).some((file) => /\.\w+\.test\.ts$/.test(file) && !file.endsWith('.server.test.ts'))
}

/** Never rejects: without servers the tests that need them fail, each by itself, and so does this step. */
async function startServers() {
  try {
    const options = { ports: anyPorts, dataFolder: join(folder, 'data'), progress: 'lines', signal } as const
    const infrastructure = await startInfrastructure(options)
    console.log(describeInfrastructure(infrastructure))
    const { environment, stop, mode } = infrastructure
    return {
      environment,
      stop,
      outcome: mode === 'embedded' ? { passed: 0, failed: 1 } : { passed: 1, failed: 0 },
    }
  } catch (error) {
    console.error(explain(error))
    return { environment: {}, stop: async () => {}, outcome: { passed: 0, failed: 1 } }
  }
}

function conclude(outcomes: readonly Outcome[]): void {
  const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0)
  process.exitCode = sum('failed') === 0 && !signal.aborted ? 0 : 1
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
}
