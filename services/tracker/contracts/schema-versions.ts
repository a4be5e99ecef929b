import type { PublishedContracts } from './published.ts'

/** The version of a subject that has this schema id; `null` while the registry has not said so. */
export type SchemaVersions = (subject: string, schemaId: number) => number | null

/** Answers at once, with what the registry said last: no page waits for it. */
export function schemaVersions(published: PublishedContracts): SchemaVersions {
  let known: Awaited<ReturnType<PublishedContracts>> = new Map()
  function ask(): void {
    void published().then((answer) => {
      known = answer
    })
  }
  ask()
  return (subject, schemaId) => {
    ask()
    return known.get(subject)?.versions.find(({ id }) => id === schemaId)?.version ?? null
  }
}
