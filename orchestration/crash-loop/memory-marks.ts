import { isSameWrite, type Mark, type MarkStore } from './mark.ts'

/** The marks of a store in this process. */
export function memoryMarks(): MarkStore {
  const marks = new Map<number, Mark>()

  return {
    async read(partitions) {
      return partitions.flatMap((partition) => {
        const mark = marks.get(partition)
        return mark ? [structuredClone(mark)] : []
      })
    },

    async write(batch) {
      return batch.map((mark) => {
        const stored = marks.get(mark._id)
        if (!stored || stored.revision === mark.revision - 1) marks.set(mark._id, structuredClone(mark))
        return isSameWrite(marks.get(mark._id), mark)
      })
    },
  }
}
