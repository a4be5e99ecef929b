/**
 * `npm run chaos`: thousands of orders on servers and services of its own, while processes are killed and the network fails; then
 * every invariant is checked. See `test/chaos/README.md`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Command } from 'commander'
import { dataFolderFrom, explain } from '../infra/index.ts'
import { generateSchedule } from '../test/chaos/generate.ts'
import type { Recovery } from '../test/chaos/report/recovery.ts'
import { writeReport } from '../test/chaos/report/write.ts'
import { type RunResult, runChaos } from '../test/chaos/run.ts'
import { readSchedule, type Schedule, writeSchedule } from '../test/chaos/schedule.ts'
import { patient } from '../test/chaos/settings.ts'
import { wholeNumber } from './chorus/arguments.ts'

const options = new Command('npm run chaos --')
  .description(
    'Plays a schedule of faults on real processes and checks that nothing is lost, doubled or stuck.',
  )
  .option('--schedule <file>', 'the faults to play, as JSON; without it they follow from the seed')
  .option('--seed <n>', 'chooses faults and orders', wholeNumber)
  .option('--orders <n>', 'orders in all (default: 20000)', wholeNumber)
  .option('--rate <n>', 'orders per second; with it, minutes follow from orders', Number)
  .option('--minutes <n>', 'how long orders are placed (default: 21)', Number)
  .option(
    '--report <folder>',
    'where report.html and report.json go',
    join(dataFolderFrom(process.env), '..', 'chaos'),
  )
  .option('--keep', 'leave data and logs of servers and services in their folder')
  .option('--strict', 'fail as well when it takes too long to be back to normal')
  .addHelpText('after', '\nExit code: 0 all invariants hold · 1 something is wrong · 130 interrupted')
  .parse()
  .opts<{
    schedule?: string
    seed?: number
    orders?: number
    rate?: number
    minutes?: number
    report: string
    keep?: boolean
    strict?: boolean
  }>()

const say = (line = '') => process.stdout.write(`${line}\n`)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error(signal)))

process.exitCode = await run()

async function run(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'chorus-chaos-'))
  try {
    const schedule = scheduleWanted()
    mkdirSync(options.report, { recursive: true })
    const saved = relative('.', join(options.report, 'schedule.json'))
    writeFileSync(saved, writeSchedule(schedule))
    const command = `npm run chaos -- --schedule ${saved}`
    say(`Seed ${schedule.seed}. The same faults again: ${command}`)
    if (options.keep) say(`Data and logs: ${folder}`)
    const result = await runChaos({ schedule, patience: patient, folder, signal: interrupted.signal, say })
    const { recoveries } = writeReport(result, options.report, command)
    return conclude(result, recoveries)
  } catch (error) {
    if (!interrupted.signal.aborted) process.stderr.write(`${explain(error)}\n`)
    return interrupted.signal.aborted ? 130 : 1
  } finally {
    if (!options.keep) rmSync(folder, { recursive: true, force: true })
  }
}

function scheduleWanted(): Schedule {
  if (options.schedule) return readSchedule(readFileSync(options.schedule, 'utf8'))
  const { seed = Math.floor(Math.random() * 1_000_000), rate } = options
  const minutes = options.minutes ?? (rate && options.orders ? options.orders / rate / 60 : 21)
  const orders = options.orders ?? (rate ? Math.round(rate * minutes * 60) : 20_000)
  return generateSchedule({ seed, orders, minutes })
}

function conclude({ violations, refusals, faults }: RunResult, recoveries: readonly Recovery[]): number {
  const fired = faults.filter(({ firedAt }) => firedAt !== null)
  const kinds = new Set(fired.map(({ kind }) => kind)).size
  const late = recoveries.filter(({ seconds, limit }) => seconds !== null && seconds > limit)
  const told = recoveries.filter(({ seconds }) => seconds !== null)
  say(`${fired.length} of ${faults.length} faults fired, of ${kinds} kinds.`)
  say(`Back to normal in time after ${told.length - late.length} of ${told.length} kills that can be told.`)
  for (const says of refusals) say(`✗ ${says}`)
  for (const { invariant, sagaId = '', says } of violations.slice(0, 20))
    say(`✗ ${invariant} ${sagaId} ${says}`)
  say(`${violations.length} violations. Report: ${relative('.', join(options.report, 'report.html'))}`)
  const wrong = violations.length + refusals.length + (options.strict ? late.length : 0)
  return wrong === 0 ? 0 : 1
}
