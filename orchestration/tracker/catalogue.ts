import {
  endedRank,
  inOrder,
  keyIn,
  type ListQuery,
  matches,
  type Page,
  type Place,
  type StoryFields,
} from './story-fields.ts'

/** How many sagas are where, of those that are listed. */
export type Tally = {
  readonly running: number
  readonly waiting: number
  readonly ended: number
  /** Of those that have ended, by ending. */
  readonly endings: Readonly<Record<string, number>>
}

/**
 * What stories are found and ordered by, of all that go on and of those that ended last: about 250 bytes each. So lists and
 * counts cost the database nothing, neither when they are asked for nor when stories are written. Whoever looks by id asks the database.
 */
export type Catalogue = {
  put(sagaId: string, fields: StoryFields): void
  remove(sagaId: string): void
  /** Ids of the stories on this page. */
  list(query: ListQuery, page: Page): string[]
  count(query: ListQuery, most: number): number
  tally(): Tally
}

type Entry = Omit<StoryFields, 'ids'>

/** Stories that are kept; above it those that ended first are left out of the lists. */
export const mostListed = 250_000

export function catalogue(most = mostListed): Catalogue {
  const entries = new Map<string, Entry>()
  // The same few lists of labels come again and again.
  const labels = new Map<string, readonly string[]>()

  function interned(list: readonly string[]): readonly string[] {
    const name = list.join()
    const known = labels.get(name) ?? list
    labels.set(name, known)
    return known
  }

  /** A tenth more than wanted may stay, so that this is not done for each. */
  function leaveOut(): void {
    if (entries.size <= most * 1.1) return
    const ended = [...entries]
      .filter(([, { rank }]) => rank > endedRank)
      .sort(([, a], [, b]) => b.rank - a.rank)
    for (const [id] of ended.slice(0, entries.size - most)) entries.delete(id)
  }

  return {
    put(sagaId, { ids: _, ...fields }) {
      entries.set(sagaId, { ...fields, labels: interned(fields.labels) })
      leaveOut()
    },
    remove: (sagaId) => void entries.delete(sagaId),
    list(query, { order, limit, after }) {
      const compare = inOrder(order)
      const best: Place[] = []
      for (const [id, fields] of entries) {
        const place = { key: keyIn(order, fields), id }
        const isBeyond = best.length === limit && compare(place, best.at(-1) as Place) > 0
        if (isBeyond || (after && compare(place, after) <= 0) || !matches(fields, query)) continue
        best.splice(positionOf(place, best, compare), 0, place)
        if (best.length > limit) best.pop()
      }
      return best.map(({ id }) => id)
    },
    count(query, most) {
      let count = 0
      for (const fields of entries.values()) {
        if (count >= most) break
        if (matches(fields, query)) count++
      }
      return count
    },
    tally() {
      const counts = { running: 0, waiting: 0, ended: 0 }
      const endings: Record<string, number> = {}
      for (const { state, ending } of entries.values()) {
        counts[state]++
        if (ending !== null) endings[ending] = (endings[ending] ?? 0) + 1
      }
      return { ...counts, endings }
    },
  }
}

/** Where a place belongs among others that are in order. */
function positionOf(place: Place, places: readonly Place[], compare: (a: Place, b: Place) => number): number {
  let [low, high] = [0, places.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(places[middle] as Place, place) < 0) low = middle + 1
    else high = middle
  }
  return low
}
