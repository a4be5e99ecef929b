import type { JournalRow } from '../journal.ts'
import type { Store } from '../store.ts'
import type { SimulatedProcess } from './process.ts'

/** A store as a process reaches it: over a network on which faults strike. */
export function simulatedStore(process: SimulatedProcess, store: Store): Store {
  const { random } = process
  const { marks, archive, close, insertRows, ...rest } = store

  async function insertSome(rows: readonly JournalRow[]): Promise<void> {
    await insertRows(rows.filter(() => random.chance(0.5)))
  }

  return {
    ...remote(process, 'store', rest),
    insertRows: (rows) =>
      process.call(`inserts ${rows.map(told).join(', ')}`, {
        work: () => insertRows(rows),
        torn: { fault: 'torn insert', work: () => insertSome(rows) },
      }),
    marks: remote(process, 'marks', marks),
    archive: remote(process, 'archive', archive),
    close,
  }
}

/** Told in the trace: two runs that store other rows are not the same run. */
function told({ _id, cause, outcome }: JournalRow): string {
  return `${_id} ${cause.kind} ${cause.id} ${outcome}`
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the methods take, it is handed on.
type Methods = Readonly<Record<string, (...args: any[]) => Promise<any>>>

/** The same methods, each as a call. */
export function remote<T extends Methods>(process: SimulatedProcess, name: string, methods: T): T {
  return Object.fromEntries(
    Object.entries(methods).map(([method, perform]): [string, Methods[string]] => [
      method,
      (...args) => process.call(`${name} ${method}`, { work: () => perform(...args) }),
    ]),
  ) as T
}
