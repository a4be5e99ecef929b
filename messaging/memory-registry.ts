import type { Contracts } from './contracts.ts'
import { PoisonError, TerminalError } from './errors.ts'
import type { SchemaRegistry } from './registry.ts'

/** A registry that holds exactly these contracts, numbered from 1: for tests and for running all in one process. */
export function memoryRegistry(contracts: Contracts): SchemaRegistry {
  const published = Object.values(contracts.events)
  return {
    async idOf(subject, schema) {
      const text = JSON.stringify(schema)
      const index = published.findIndex(
        (event) => event.subject === subject && JSON.stringify(event.schema) === text,
      )
      if (index >= 0) return index + 1
      throw new TerminalError(
        `The memory registry holds no such schema under ${subject}: it was made without it.`,
        {
          code: 'CHORUS_UNPUBLISHED_SCHEMA',
        },
      )
    },
    async schemaOf(id) {
      const event = published[id - 1]
      if (event) return event.schema
      throw new PoisonError(`The registry knows no schema ${id}.`, { code: 'CHORUS_UNKNOWN_SCHEMA' })
    },
  }
}
