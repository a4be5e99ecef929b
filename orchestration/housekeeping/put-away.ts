import type { Head, JournalRow } from '../journal.ts'
import type { Store } from '../store.ts'
import type { ArchivedSaga, FinishedHead } from './archive.ts'

/** Some servers get slow with more. */
const rowsAtOnce = 100

export type PutAway = { readonly gone: readonly Head[]; readonly tooLarge: readonly Head[] }

/**
 * Moves finished sagas from the journal into the archive; one with a row that its head does not cover yet stays. The order is the
 * point: first the archive, then the rows, and the head last. Rows without a head would be published again, while a head without rows is
 * found again by the next call, and then adds nothing to the archive.
 */
export async function putAway(
  store: Store,
  found: readonly FinishedHead[],
  times: { readonly archivedAt: number; readonly expireAt: number },
): Promise<PutAway> {
  const sagas = await published(store, found)
  const kept = await store.archive.put(sagas, times)
  const heads = sagas.map(({ head }) => head)
  const gone = heads.filter(({ _id }) => kept.has(_id))
  await store.archive.removeRows(gone)
  await store.archive.removeHeads(gone)
  return { gone, tooLarge: heads.filter(({ _id }) => !kept.has(_id)) }
}

/** Those whose head covers every row, with the rows that are still there. */
async function published(store: Store, found: readonly FinishedHead[]): Promise<readonly ArchivedSaga[]> {
  const ids = found.flatMap(({ head }) =>
    Array.from({ length: head.seq + 1 }, (_, i) => `${head._id}:${i + 1}`),
  )
  const read: JournalRow[] = []
  for (let from = 0; from < ids.length; from += rowsAtOnce)
    read.push(...(await store.readRows(ids.slice(from, from + rowsAtOnce))))
  const bySaga = Map.groupBy(read, ({ sagaId }) => sagaId)
  return found.flatMap(({ head }) => {
    const rows = (bySaga.get(head._id) ?? []).toSorted((a, b) => a.seq - b.seq)
    return rows.some(({ seq }) => seq > head.seq) ? [] : [{ head, rows }]
  })
}
