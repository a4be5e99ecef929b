/** A task and when it is due. */
export type Scheduled = { readonly at: number; readonly label: string; readonly task: () => void }

/** The earliest task first; among those of the same time, the one that was added first. */
export type EventQueue = {
  /** Returns what takes it out again. */
  add(at: number, label: string, task: () => void): () => void
  /** Takes out the first task that is due at `end` or before. */
  takeUntil(end: number): Scheduled | undefined
}

type Entry = { at: number; order: number; label: string; task: (() => void) | undefined }

/** A binary heap. What was cancelled stays in it until its turn: searching for it would cost more. */
export function eventQueue(): EventQueue {
  const heap: Entry[] = []
  let order = 0

  function push(entry: Entry): void {
    let i = heap.length
    while (i > 0) {
      const above = (i - 1) >> 1
      const parent = heap[above] as Entry
      if (isBefore(parent, entry)) break
      heap[i] = parent
      i = above
    }
    heap[i] = entry
  }

  function pop(): Entry | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let i = 0
    for (;;) {
      const left = 2 * i + 1
      if (left >= heap.length) break
      const right = left + 1
      const smaller =
        right < heap.length && isBefore(heap[right] as Entry, heap[left] as Entry) ? right : left
      const child = heap[smaller] as Entry
      if (isBefore(last, child)) break
      heap[i] = child
      i = smaller
    }
    heap[i] = last
    return first
  }

  return {
    add(at, label, task) {
      const entry: Entry = { at, order: order++, label, task }
      push(entry)
      return () => {
        entry.task = undefined
      }
    },
    takeUntil(end) {
      while (heap[0] && heap[0].at <= end) {
        const entry = pop()
        if (entry?.task) return { at: entry.at, label: entry.label, task: entry.task }
      }
      return undefined
    },
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
