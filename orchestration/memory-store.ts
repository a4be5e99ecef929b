import { memoryMarks } from './crash-loop/memory-marks.ts'
import { finishedAt } from './housekeeping/archive.ts'
import { memoryArchive } from './housekeeping/memory-archive.ts'
import type { Head, JournalRow } from './journal.ts'
import { topLevelStates } from './machine/state-value.ts'
import type { DueHead, Store } from './store.ts'

/**
 * A store in this process, for tests, the simulation and the embedded mode: every promise of the port except that nothing
 * outlives the process. `close` releases nothing, so a participant can be stopped and started again on the same store.
 */
export function memoryStore(): Store {
  /** As JSON: most rows are never read again. */
  const rows = new Map<string, string>()
  const heads = new Map<string, Head>()
  const due = new Map<string, DueHead>()
  const finished = new Map<string, number>()

  function read(ids: readonly string[]): JournalRow[] {
    return [...new Set(ids)].flatMap((id) => {
      const row = rows.get(id)
      return row === undefined ? [] : [JSON.parse(row)]
    })
  }

  return {
    async insertRows(batch) {
      return batch.map((row) => {
        if (rows.has(row._id)) return 'duplicate'
        rows.set(row._id, JSON.stringify(row))
        return 'inserted'
      })
    },

    async readRows(ids) {
      return read(ids)
    },

    async readHeads(sagaIds) {
      return [...new Set(sagaIds)].flatMap((id) => {
        const head = heads.get(id)
        return head ? [copy(head)] : []
      })
    },

    async writeHeads(batch) {
      for (const head of batch) {
        const stored = heads.get(head._id)
        if (stored && stored.seq >= head.seq) continue
        heads.set(head._id, copy(head))
        const { _id, seq, partition, dueAt } = head
        if (dueAt === null) due.delete(_id)
        else due.set(_id, { _id, seq, partition, dueAt })
        const since = finishedAt(head)
        if (since === null) finished.delete(_id)
        else finished.set(_id, since)
      }
    },

    async dueHeads({ partitions, now, limit, after }) {
      const owned = new Set(partitions)
      return [...due.values()]
        .filter((head) => owned.has(head.partition) && head.dueAt <= now)
        .filter((head) => !after || byDueAt(head, after) > 0)
        .sort(byDueAt)
        .slice(0, limit)
        .map(copy)
    },

    async listHeads({ after, limit, state }) {
      const last = after && { startedAt: after.startedAt, _id: after.id }
      return [...heads.values()]
        .filter((head) => state === undefined || topLevelStates(head.state?.value).includes(state))
        .filter((head) => !last || newestFirst(head, last) > 0)
        .sort(newestFirst)
        .slice(0, limit)
        .map(copy)
    },

    async countHeads({ state, limit }) {
      const inState = [...heads.values()].filter((head) => topLevelStates(head.state?.value).includes(state))
      return Math.min(inState.length, limit)
    },

    async history(sagaId) {
      const story: JournalRow[] = []
      for (let seq = 1; ; seq++) {
        const [row] = read([`${sagaId}:${seq}`])
        if (!row) return story
        story.push(row)
      }
    },

    archive: memoryArchive({ rows, heads, finished }),

    marks: memoryMarks(),

    async close() {},
  }
}

/** Through JSON, as a database would hold it: nothing is shared with the caller, nothing `undefined` is kept. */
function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value))
}

function byDueAt(a: DueHead, b: DueHead): number {
  return a.dueAt - b.dueAt || compareIds(a._id, b._id)
}

type ListPosition = Pick<Head, '_id' | 'startedAt'>

function newestFirst(a: ListPosition, b: ListPosition): number {
  return b.startedAt - a.startedAt || compareIds(b._id, a._id)
}

/** By code, as MongoDB orders strings, not by language. */
function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
