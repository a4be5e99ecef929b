import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { AnyStateMachine } from 'xstate'
import { edgesOf, type JournalRow, type SagaJournals } from '#orchestration'
import { rowsIn } from '../replay/journals.ts'

/** What is kept of a released version of a participant's machine: journals that it wrote, and its transitions as they were. */
export type Corpus = {
  readonly participant: string
  readonly version: string
  readonly rows: readonly JournalRow[]
  /** As `transitionsOf` gives them. */
  readonly transitions: readonly string[]
}

const services = join(import.meta.dirname, '../../services')

/** Every transition of a machine as a line, in the order of its text. */
export function transitionsOf(machine: AnyStateMachine): string[] {
  return [...edgesOf(machine).values()].map(({ id, to }) => `${id} → ${to ?? '(stays)'}`)
}

/** The corpora of a participant, one for each version that was released. */
export async function corporaOf(participant: string): Promise<readonly Corpus[]> {
  const folder = join(services, participant, 'journals')
  const files = existsSync(folder) ? await readdir(folder) : []
  const versions = files.flatMap((file) => /^v(.+)\.jsonl$/.exec(file)?.[1] ?? []).sort()
  return await Promise.all(
    versions.map(async (version) => ({
      participant,
      version,
      rows: await rowsIn(join(folder, `v${version}.jsonl`)),
      transitions: linesOf(await readFile(join(folder, `v${version}.transitions.txt`), 'utf8')),
    })),
  )
}

/** The sagas of a corpus, each by itself. */
export function sagasOf({ participant, rows }: Corpus): readonly SagaJournals[] {
  const sagas = Map.groupBy(rows, ({ sagaId }) => sagaId)
  return [...sagas.values()].map((rows) => new Map([[participant, rows]]))
}

/** Writes it into the folder of its service. Returns the path of the journal. */
export async function writeCorpus(corpus: Corpus): Promise<string> {
  const { participant, version, rows, transitions } = corpus
  const journal = join(services, participant, 'journals', `v${version}.jsonl`)
  await mkdir(dirname(journal), { recursive: true })
  await writeFile(journal, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  await writeFile(journal.replace(/jsonl$/, 'transitions.txt'), `${transitions.join('\n')}\n`)
  return journal
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}
