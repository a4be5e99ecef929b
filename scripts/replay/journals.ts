import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { connectMongo, type JournalRow, type SagaJournals } from '#orchestration'
import { Problem } from '../../infra/problem.ts'

/**
 * The journals in a folder: every `.jsonl` file in it, one row a line. Whose journal a file is, its name or one of its folders tells, as in
 * `payment.jsonl` or `payment/journals/v1.jsonl`.
 */
export async function journalsInFolder(
  folder: string,
  participants: readonly string[],
): Promise<readonly SagaJournals[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.jsonl')).sort()
  if (files.length === 0) {
    throw new Problem(`There are no journals in ${folder}.`, {
      why: 'no file in it, or in a folder of it, ends in .jsonl',
      fix: 'npm run replay -- --from services   (the journals of released versions)',
    })
  }
  const sagas = new Map<string, Map<string, JournalRow[]>>()
  for (const file of files) {
    const name = participantOf(file, participants)
    for (const row of await rowsIn(join(folder, file))) {
      const saga = sagas.get(row.sagaId) ?? new Map<string, JournalRow[]>()
      sagas.set(row.sagaId, saga.set(name, [...(saga.get(name) ?? []), row]))
    }
  }
  return [...sagas.values()]
}

/** The rows of one `.jsonl` file. */
export async function rowsIn(file: string): Promise<JournalRow[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as JournalRow)
}

function participantOf(file: string, participants: readonly string[]): string {
  const words = file.slice(0, -'.jsonl'.length).split(sep).toReversed()
  const name = words.find((word) => participants.includes(word))
  if (name) return name
  throw new Problem(`Nobody knows whose journal ${file} is.`, {
    why: `neither the file nor one of its folders is named after a participant: ${participants.join(', ')}`,
    fix: `rename it, e.g. to ${participants[0]}.jsonl`,
  })
}

/** The journals in the database of a shop, which may be running. One saga at a time is held in memory. */
export async function* journalsInMongo(
  uri: string,
  database: string,
  participants: readonly string[],
): AsyncGenerator<SagaJournals> {
  const client = await connectMongo(uri)
  try {
    const db = client.db(database)
    const streams = participants.map((name) => {
      const documents = db
        .collection<{ _id: string; row: string }>(`${name}.journal`)
        .find({}, { projection: { row: 1 }, sort: { _id: 1 }, batchSize: 1_000 })
      return { name, sagas: bySaga(documents) }
    })
    yield* sideBySide(streams)
  } finally {
    await client.close()
  }
}

type Stream = { readonly name: string; readonly sagas: AsyncGenerator<readonly JournalRow[]> }

/** Row ids are `<saga>:<seq>`, so that in their order the rows of a saga lie together. */
async function* bySaga(documents: AsyncIterable<{ row: string }>): AsyncGenerator<readonly JournalRow[]> {
  let saga: JournalRow[] = []
  for await (const { row: text } of documents) {
    const row = JSON.parse(text) as JournalRow
    if (saga[0] && saga[0].sagaId !== row.sagaId) {
      yield saga
      saga = []
    }
    saga.push(row)
  }
  if (saga.length > 0) yield saga
}

/** Streams in the same order of sagas, as one stream of whole sagas. */
async function* sideBySide(streams: readonly Stream[]): AsyncGenerator<SagaJournals> {
  const open = new Map<Stream, readonly JournalRow[]>()
  const advance = async (stream: Stream) => {
    const { value, done } = await stream.sagas.next()
    if (done) open.delete(stream)
    else open.set(stream, value)
  }
  for (const stream of streams) await advance(stream)
  while (open.size > 0) {
    const [first] = [...open.values()].map(placeOf).sort()
    const next = [...open].filter(([, rows]) => placeOf(rows) === first)
    yield new Map(next.map(([{ name }, rows]) => [name, rows]))
    for (const [stream] of next) await advance(stream)
  }
}

function placeOf([row]: readonly JournalRow[]): string {
  return `${row?.sagaId}:`
}
