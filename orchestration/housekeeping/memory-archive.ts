import type { Head, JournalRow } from '../journal.ts'
import type { Archive, ArchivedSaga } from './archive.ts'

type Kept = {
  readonly head: Head
  readonly rows: ReadonlyMap<number, JournalRow>
  readonly expireAt: number
}

/** The archive of a store in this process, over that store's rows and heads. `finished`: when a head that owes nothing was last spoken of. */
export function memoryArchive({
  rows,
  heads,
  finished,
}: {
  readonly rows: Pick<Map<string, unknown>, 'delete'>
  readonly heads: Map<string, Head>
  readonly finished: Map<string, number>
}): Archive {
  const kept = new Map<string, Kept>()

  return {
    async finished({ partitions, before, limit, after, among }) {
      const last = after && { id: after.head._id, finishedAt: after.finishedAt }
      return [...finished]
        .map(([id, finishedAt]) => ({ id, finishedAt }))
        .filter(({ id, finishedAt }) => finishedAt < before && (!among || among.includes(id)))
        .filter((place) => !last || byAge(place, last) > 0)
        .sort(byAge)
        .flatMap(({ id, finishedAt }) => {
          const head = heads.get(id)
          return head && partitions.includes(head.partition) ? [structuredClone({ head, finishedAt })] : []
        })
        .slice(0, limit)
    },

    async spokenOf(sagaIds, at) {
      for (const id of sagaIds) {
        const before = finished.get(id)
        if (before !== undefined && before < at) finished.set(id, at)
      }
    },

    async put(sagas, { expireAt }) {
      for (const { head, rows } of structuredClone(sagas)) {
        const earlier = kept.get(head._id)?.rows ?? []
        const all = new Map([...earlier, ...rows.map((row) => [row.seq, row] as const)])
        kept.set(head._id, { head, rows: all, expireAt })
      }
      return new Set(sagas.map(({ head }) => head._id))
    },

    async read(sagaIds) {
      return [...new Set(sagaIds)].flatMap((id) => {
        const saga = kept.get(id)
        return saga ? [structuredClone(archived(saga))] : []
      })
    },

    async removeRows(batch) {
      for (const { _id, seq } of batch) for (let n = seq; n > 0; n--) rows.delete(`${_id}:${n}`)
    },

    async removeHeads(batch) {
      for (const { _id, seq } of batch) {
        if (heads.get(_id)?.seq !== seq) continue
        heads.delete(_id)
        finished.delete(_id)
      }
    },

    async expire(now, limit) {
      const over = [...kept].filter(([, { expireAt }]) => expireAt <= now).slice(0, limit)
      for (const [id] of over) kept.delete(id)
      return over.length
    },
  }
}

function archived({ head, rows }: Kept): ArchivedSaga {
  return { head, rows: [...rows.values()].sort((a, b) => a.seq - b.seq) }
}

type Place = { readonly id: string; readonly finishedAt: number }

/** Ids by code, as MongoDB orders strings. */
function byAge(a: Place, b: Place): number {
  return a.finishedAt - b.finishedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
