import { RetryableError } from '#messaging'
import type { Clock } from '#orchestration'
import type { OrderApi } from './dependencies.ts'

/** The work's outcome, or a `RetryableError` when that is not known after `ms`. The work itself goes on. */
export function inTime<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => reject(new RetryableError(`No answer within ${ms} ms.`)))
    work.then(resolve, reject).finally(cancel)
  })
}

/** What the API reads and writes, with a bound of its own: a driver may try for much longer than a client waits. */
export function storesInTime({
  store,
  requests,
  clock,
  limits,
}: Pick<OrderApi, 'store' | 'requests' | 'clock' | 'limits'>): Pick<OrderApi, 'store' | 'requests'> {
  const bounded = <T>(work: Promise<T>) => inTime(work, limits.storeMs, clock)
  return {
    store: {
      readHeads: (ids) => bounded(store.readHeads(ids)),
      readRows: (ids) => bounded(store.readRows(ids)),
      listHeads: (query) => bounded(store.listHeads(query)),
      archive: { read: (ids) => bounded(store.archive.read(ids)) },
    },
    requests: {
      claim: (request) => bounded(requests.claim(request)),
      byOrderIds: (ids) => bounded(requests.byOrderIds(ids)),
    },
  }
}
