import { join } from 'node:path'
import { Command, Option } from 'commander'
import { dataFolderFrom } from '../infra/index.ts'
import { wholeNumber } from '../scripts/chorus/arguments.ts'
import { type EntryName, entries } from './load/entry.ts'
import { type CountedService, countedServices } from './stage/counters.ts'

/** What a person asked for. */
export type BenchOptions = {
  /** Orders in flight, a load each. */
  readonly loads: readonly number[]
  readonly seconds: number
  readonly warmUp: number
  readonly entry: EntryName
  readonly tracker: boolean
  readonly tracing: boolean
  readonly instances: number
  /** Minutes at 70 % of the most. */
  readonly soak?: number
  /** Orders that lie in Kafka before the services start. */
  readonly drain?: number
  /** Ended orders that are put into the store before a load is measured again. */
  readonly stored?: number
  /** Services to profile. */
  readonly profile: readonly CountedService[]
  readonly json: string
  readonly writeDocs: boolean
  /** What to type for the same figures. */
  readonly command: string
}

/** Reads a command line; ends the process for one that is wrong, or asks for help. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const program = new Command('npm run bench --')
    .description(
      'Measures the shop on servers and processes of its own: speed, latency, and what an order costs. Every order is checked afterwards.',
    )
    .option('--loads <numbers>', 'orders in flight, a load each', wholeNumbers, [1, 32, 128, 512])
    .option('--seconds <n>', 'how long a load is measured', wholeNumber, 30)
    .option('--warm-up <n>', 'seconds at 128 in flight before anything is measured', wholeNumber, 60)
    .addOption(new Option('--entry <way>', 'how orders come in').choices(entries).default('http'))
    .option('--no-tracker', 'leave the tracker out')
    .option('--no-tracing', 'make no spans')
    .option('--instances <n>', 'instances of each participant', wholeNumber, 1)
    .option(
      '--soak <minutes>',
      'also: how memory and latencies do at 70 % of the most for so long',
      wholeNumber,
    )
    .option(
      '--drain <orders>',
      'also: how fast so many orders are worked off that lay in Kafka while the services were down',
      wholeNumber,
    )
    .option(
      '--stored <orders>',
      'also: what an order costs at 128 in flight before and after so many ended orders were put into the store',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--profile <services...>',
        'print what these services spend their time on, and measure the loads alone',
      ).choices(countedServices),
    )
    .option('--json <file>', 'where the result goes', join(dataFolderFrom(process.env), '..', 'bench.json'))
    .option('--write-docs', 'write the figures into docs/benchmarks.md')
    .addHelpText(
      'after',
      '\nExit code: 0 measured and every order is right · 1 something is wrong · 130 interrupted',
    )
    .parse(argv)
  const given = program.opts<
    Omit<BenchOptions, 'profile' | 'writeDocs' | 'command'> & Partial<BenchOptions>
  >()
  return { profile: [], writeDocs: false, ...given, command: commandOf(argv.slice(2)) }
}

/** Where the figures go does not change them. */
export function commandOf(words: readonly string[], script = 'bench'): string {
  const told = words.filter(
    (word, index) => word !== '--write-docs' && !word.startsWith('--json') && words[index - 1] !== '--json',
  )
  return [`npm run ${script}`, ...(told.length > 0 ? ['--', ...told] : [])].join(' ')
}

function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber)
}
