/** Ids in one request: some servers get slow with more. */
const idsAtOnce = 100

/** The ids, each once, as many at a time as one request may ask for. */
export function chunks(ids: readonly string[]): string[][] {
  const all = [...new Set(ids)]
  return Array.from({ length: Math.ceil(all.length / idsAtOnce) }, (_, i) =>
    all.slice(i * idsAtOnce, (i + 1) * idsAtOnce),
  )
}
