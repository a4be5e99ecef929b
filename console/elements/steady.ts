import { useState } from 'react'

/** Rows in the order in which they were shown before, with their new content; and how many new ones wait. */
export type Steady<T> = { readonly rows: readonly T[]; readonly waiting: number }

/**
 * While somebody points at a list, its rows keep their places: what is known of them changes, those that left stay, and new ones wait.
 * `shown` is what was last shown, `news` what would be shown now.
 */
export function steady<T>(shown: readonly T[], news: readonly T[], idOf: (row: T) => string): Steady<T> {
  const fresh = new Map(news.map((row) => [idOf(row), row]))
  const places = new Set(shown.map(idOf))
  return {
    rows: shown.map((row) => fresh.get(idOf(row)) ?? row),
    waiting: news.filter((row) => !places.has(idOf(row))).length,
  }
}

/** Holds the rows of a list still while the element with `listProps` is pointed at. Another `list` is shown at once. */
export function useSteadyRows<T>(list: string, news: readonly T[], idOf: (row: T) => string) {
  const [held, setHeld] = useState<{ readonly list: string; readonly rows: readonly T[] } | null>(null)
  const isHeld = held !== null && held.list === list && held.rows.length > 0
  return {
    ...(isHeld ? steady(held.rows, news, idOf) : { rows: news, waiting: 0 }),
    release: () => setHeld(null),
    listProps: {
      onPointerEnter: () => setHeld({ list, rows: news }),
      onPointerLeave: () => setHeld(null),
    },
  }
}
