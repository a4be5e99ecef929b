/** Small numbers for values that are equal as JSON: two states are the same when their numbers are. */
export type Interner<T> = {
  idOf(value: T): number
  valueOf(id: number): T
  readonly size: number
}

/** A number takes one place in the key of a joint state, which is a UTF-16 unit. */
const most = 65_536

export function interner<T>(what: string): Interner<T> {
  const ids = new Map<string, number>()
  const values: T[] = []

  function add(key: string, value: T): number {
    if (values.length === most)
      throw new Error(`there are more than ${most} different ${what}: bound the cast`)
    ids.set(key, values.length)
    return values.push(value) - 1
  }

  return {
    idOf(value) {
      const key = JSON.stringify(value)
      return ids.get(key) ?? add(key, value)
    },
    valueOf: (id) => values[id] as T,
    get size() {
      return values.length
    },
  }
}
