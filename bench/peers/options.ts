import { join } from 'node:path'
import { Command, Option } from 'commander'
import { dataFolderFrom } from '../../infra/index.ts'
import { wholeNumber } from '../../scripts/chorus/arguments.ts'
import { commandOf } from '../options.ts'

export const peerNames = ['restate', 'dbos'] as const
export type PeerName = (typeof peerNames)[number]

/** What a person asked for. */
export type PeersOptions = {
  readonly pairs: number
  readonly inFlight: number
  readonly seconds: number
  readonly warmUp: number
  readonly peers: readonly PeerName[]
  readonly tracker: boolean
  readonly tracing: boolean
  readonly json: string
  readonly writeDocs: boolean
  /** What to type for the same figures. */
  readonly command: string
}

/** Reads a command line; ends the process for one that is wrong, or asks for help. */
export function readPeersOptions(argv: readonly string[]): PeersOptions {
  const json = join(dataFolderFrom(process.env), '..', 'bench-peers.json')
  const program = new Command('npm run bench:peers --')
    .description(
      'Measures the same business on this shop and on other engines, one after the other, again and again. Every order is checked.',
    )
    .option('--pairs <n>', 'how often each engine takes its turn', wholeNumber, 5)
    .option('--in-flight <n>', 'orders in flight, beside one at a time', wholeNumber, 128)
    .option('--seconds <n>', 'how long a load is measured', wholeNumber, 20)
    .option('--warm-up <n>', 'seconds before anything is measured, in each turn', wholeNumber, 40)
    .addOption(new Option('--peers <names...>', 'which engines').choices(peerNames).default(peerNames))
    .option('--no-tracker', 'leave the tracker of the shop out')
    .option('--no-tracing', 'make no spans in the shop; the peers make none anyway')
    .option('--json <file>', 'where the result goes', json)
    .option('--write-docs', 'write the figures into docs/peers.md')
    .addHelpText(
      'after',
      '\nExit code: 0 measured and every order is right · 1 something is wrong · 130 interrupted',
    )
    .parse(argv)
  const given = program.opts<Omit<PeersOptions, 'writeDocs' | 'command'> & Partial<PeersOptions>>()
  return { writeDocs: false, ...given, command: commandOf(argv.slice(2), 'bench:peers') }
}
