/** A member of a group and the partitions that it owned until now. */
export type Claim = { readonly member: string; readonly owned: readonly number[] }

/**
 * Gives each of the partitions `0 … partitions - 1` to one member, for all topics alike. Shares differ by one at most, and a
 * member keeps as much of what it owned as its share allows. The same claims give the same answer in any order.
 */
export function coPartitionedAssignment(
  claims: readonly Claim[],
  partitions: number,
): ReadonlyMap<string, readonly number[]> {
  const byOwned = [...claims].sort(
    (a, b) => b.owned.length - a.owned.length || (a.member < b.member ? -1 : 1),
  )
  const free = new Set(Array.from({ length: partitions }, (_, partition) => partition))
  const shares = byOwned.map(({ member, owned }, place) => {
    const size = Math.floor(partitions / claims.length) + (place < partitions % claims.length ? 1 : 0)
    const kept = owned.filter((partition) => free.has(partition)).slice(0, size)
    for (const partition of kept) free.delete(partition)
    return { member, size, kept }
  })
  const rest = [...free]
  return new Map(
    shares.map(({ member, size, kept }) => [
      member,
      [...kept, ...rest.splice(0, size - kept.length)].sort((a, b) => a - b),
    ]),
  )
}
