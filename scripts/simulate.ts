/**
 * `npm run simulate`: whole orders in virtual time, in this process, while everything fails that can; then every invariant is checked. See
 * `test/simulation/README.md`.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { playSeeds } from '../test/simulation/pool.ts'
import { count, emptyTally, failureLines, reportLines } from '../test/simulation/report.ts'
import { runSeed } from '../test/simulation/run.ts'
import { wholeNumber } from './chorus/arguments.ts'

const options = new Command('npm run simulate --')
  .description(
    'Plays orders and faults that follow from a seed, and checks that nothing is lost, doubled or stuck.',
  )
  .option('--seed <n>', 'the first seed (default: 1)', wholeNumber)
  .option(
    '--seeds <n>',
    'how many seeds, from the first one on (default: 1 with --seed, else 1000)',
    wholeNumber,
  )
  .option('--sagas <n>', 'orders in each seed', wholeNumber, 300)
  .option('--workers <n>', 'threads', wholeNumber, availableParallelism())
  .option('--trace <file>', 'writes all that happens in the first seed to this file')
  .addHelpText('after', '\nExit code: 0 every invariant holds · 1 a seed has failed · 130 interrupted')
  .parse()
  .opts<{ seed?: number; seeds?: number; sagas: number; workers: number; trace?: string }>()

const { seed: first = 1, seeds = options.seed === undefined ? 1_000 : 1, sagas, workers, trace } = options
const say = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`)

if (trace !== undefined) await writeTrace(trace)
const tally = emptyTally()
const beganAt = performance.now()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => conclude(130))
const progress = setInterval(
  () => say([`${tally.seeds} of ${seeds} seeds, ${tally.failed.length} failed`]),
  30_000,
)
await playSeeds(
  Array.from({ length: seeds }, (_, i) => ({ seed: first + i, sagas })),
  {
    workers,
    onAnswer(answer) {
      const before = tally.failed.length
      count(tally, answer)
      for (const failure of tally.failed.slice(before)) say(failureLines(failure))
      if (seeds === 1 && 'result' in answer) say([`Trace ${answer.result.traceHash}`])
    },
  },
)
clearInterval(progress)
conclude(tally.failed.length === 0 ? 0 : 1)

function conclude(code: number): never {
  say(reportLines(tally, performance.now() - beganAt))
  process.exit(code)
}

async function writeTrace(file: string): Promise<void> {
  const lines: string[] = []
  await runSeed({ seed: first, sagas, onTrace: (line) => void lines.push(line) })
  writeFileSync(file, `${lines.join('\n')}\n`)
}
