import type { Logger } from '#observability'
import type { Clock, Head, Store } from '#orchestration'
import { hasEnded } from './order-view.ts'

export type HeadWatcher = {
  /** Calls `onHead` with each newer head that a look at the store finds, until the returned function is called. */
  watch(sagaId: string, onHead: (head: Head) => void): () => void
  /** No more watches should be started. */
  full(): boolean
}

export type HeadWatcherOptions = {
  readonly store: Pick<Store, 'readHeads'>
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds from one look to the next. */
  readonly pollMs: number
  /** Watches at a time. */
  readonly capacity: number
}

type Watch = { seq: number; readonly onHead: (head: Head) => void }

/**
 * Watches heads for everybody who waits in this process, with one read per look: another instance may own an order, so
 * nothing here tells when it moves. Without watches nothing is read.
 */
export function headWatcher({ store, clock, log, pollMs, capacity }: HeadWatcherOptions): HeadWatcher {
  const watches = new Map<string, Set<Watch>>()
  let size = 0
  let looking = false
  let failing = false

  async function look(): Promise<void> {
    try {
      for (const head of await store.readHeads([...watches.keys()])) tell(head)
      failing = false
    } catch (error) {
      if (!failing) log.warn('The orders that clients wait for cannot be read; still trying.', { error })
      failing = true
    }
    if (watches.size > 0) clock.schedule(pollMs, look)
    else looking = false
  }

  function tell(head: Head): void {
    for (const watch of watches.get(head._id) ?? []) {
      if (watch.seq >= head.seq) continue
      watch.seq = head.seq
      watch.onHead(head)
    }
  }

  function remove(sagaId: string, watch: Watch): void {
    const ofSaga = watches.get(sagaId)
    if (!ofSaga?.delete(watch)) return
    size -= 1
    if (ofSaga.size === 0) watches.delete(sagaId)
  }

  return {
    watch(sagaId, onHead) {
      const watch: Watch = { seq: 0, onHead }
      const ofSaga = watches.get(sagaId) ?? new Set()
      watches.set(sagaId, ofSaga.add(watch))
      size += 1
      if (!looking) {
        looking = true
        clock.schedule(0, look)
      }
      return () => remove(sagaId, watch)
    },

    full: () => size >= capacity,
  }
}

/** Resolves when the order has ended, when the time is over or when one of the signals aborts, whichever comes first. */
export function untilEnded(
  orderId: string,
  wait: {
    readonly watcher: HeadWatcher
    readonly clock: Clock
    readonly ms: number
    readonly until: readonly AbortSignal[]
  },
): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      unwatch()
      cancel()
      for (const signal of wait.until) signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = wait.clock.schedule(wait.ms, finish)
    const unwatch = wait.watcher.watch(orderId, (head) => hasEnded(head) && finish())
    for (const signal of wait.until) signal.addEventListener('abort', finish)
    if (wait.until.some(({ aborted }) => aborted)) finish()
  })
}
