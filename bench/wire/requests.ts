/** A request as it was seen on the wire. */
export type SeenRequest = {
  /** What was asked for, e.g. `produce` or `insert`. */
  readonly kind: string
  readonly bytes: number
  /** Documents that it writes; 0 for all others. */
  readonly documents: number
}

/** Requests of one kind, added up. */
export type Count = { readonly requests: number; readonly bytes: number; readonly documents: number }

/** Requests by their kind. */
export type Counts = Readonly<Record<string, Count>>

const none: Count = { requests: 0, bytes: 0, documents: 0 }

export function counted(counts: Counts, { kind, bytes, documents }: SeenRequest): Counts {
  const before = counts[kind] ?? none
  return {
    ...counts,
    [kind]: {
      requests: before.requests + 1,
      bytes: before.bytes + bytes,
      documents: before.documents + documents,
    },
  }
}

/** What came between two moments. */
export function between(before: Counts, after: Counts): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([kind, count]) => {
      const { requests, bytes, documents } = before[kind] ?? none
      return [
        kind,
        {
          requests: count.requests - requests,
          bytes: count.bytes - bytes,
          documents: count.documents - documents,
        },
      ]
    }),
  )
}

/** All kinds together. */
export function totalOf(counts: Counts): Count {
  return Object.values(counts).reduce(
    (sum, { requests, bytes, documents }) => ({
      requests: sum.requests + requests,
      bytes: sum.bytes + bytes,
      documents: sum.documents + documents,
    }),
    none,
  )
}
