import type { Schema } from 'avsc'
import { PoisonError, TerminalError } from './errors.ts'
import type { SchemaRegistry } from './registry.ts'
import { type RegistryConfig, registryClient } from './registry-client.ts'

/** The schema registry behind Confluent's REST API, which Apicurio, Karapace and Redpanda speak as well. */
export function restRegistry(connection: RegistryConfig): SchemaRegistry {
  const client = registryClient(connection)
  return {
    async idOf(subject, schema) {
      const path = `/subjects/${encodeURIComponent(subject)}`
      const { found, body } = await client.request('POST', path, { schema: JSON.stringify(schema) })
      if (found) return (body as { id: number }).id
      throw new TerminalError(
        `The registry does not have the present schema of ${subject}. Fix: npm run contracts:publish.`,
        { code: 'CHORUS_UNPUBLISHED_SCHEMA' },
      )
    },
    async schemaOf(id) {
      const { found, body } = await client.request('GET', `/schemas/ids/${id}`)
      if (!found) throw unknownSchema(`The registry knows no schema ${id}`)
      const { schema, schemaType = 'AVRO' } = body as { schema: string; schemaType?: string }
      if (schemaType !== 'AVRO')
        throw unknownSchema(`Schema ${id} of the registry is ${schemaType}, not Avro`)
      return parse(schema, id)
    },
  }
}

function parse(schema: string, id: number): Schema {
  try {
    return JSON.parse(schema)
  } catch (cause) {
    throw unknownSchema(`Schema ${id} of the registry is not JSON`, cause)
  }
}

const unknownSchema = (fact: string, cause?: unknown) =>
  new PoisonError(`${fact}.`, { cause, code: 'CHORUS_UNKNOWN_SCHEMA' })
