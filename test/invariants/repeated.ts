/** The items whose key an earlier one has had. */
export function repeated<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  const seen = new Set<string>()
  const again: T[] = []
  for (const item of items) {
    if (seen.has(keyOf(item))) again.push(item)
    seen.add(keyOf(item))
  }
  return again
}
