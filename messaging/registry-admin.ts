import type { Schema } from 'avsc'
import { TerminalError } from './errors.ts'
import { type RegistryClient, type RegistryConfig, registryClient } from './registry-client.ts'

export type SchemaPosition = { readonly version: number; readonly id: number }

/** A schema as it stands in a subject. */
export type SchemaVersion = SchemaPosition & { readonly schema: Schema }

/** What publishing needs of a registry. Every method rejects with a `RetryableError` when the registry does not answer. */
export type RegistryAdmin = {
  /** Sets the rule that new versions must keep, for one subject or, without one, for all. */
  setCompatibility(level: 'FULL_TRANSITIVE', subject?: string): Promise<void>
  /** The rule that new versions of the subject must keep; `null` when the subject has none of its own. */
  compatibility(subject: string): Promise<string | null>
  /** Every version of the subject, oldest first; none when the subject is unknown. */
  versions(subject: string): Promise<readonly SchemaVersion[]>
  /** What the registry's own check says against the schema; nothing when it accepts it. */
  objections(subject: string, schema: Schema): Promise<readonly string[]>
  /** Where exactly this schema stands in the subject; `undefined` when it does not. */
  find(subject: string, schema: Schema): Promise<SchemaPosition | undefined>
  /** Adds a version. A `TerminalError` with the registry's words when it refuses. */
  register(subject: string, schema: Schema): Promise<void>
}

/** The administration of the registry behind Confluent's REST API. */
export function restRegistryAdmin(connection: RegistryConfig): RegistryAdmin {
  const client = registryClient(connection)
  return {
    async setCompatibility(compatibility, subject) {
      await client.request('PUT', subject ? `/config/${encodeURIComponent(subject)}` : '/config', {
        compatibility,
      })
    },
    async compatibility(subject) {
      const { found, body } = await client.request('GET', `/config/${encodeURIComponent(subject)}`)
      return found ? (body as { compatibilityLevel: string }).compatibilityLevel : null
    },
    versions: (subject) => readVersions(client, subjectPath(subject)),
    async objections(subject, schema) {
      const path = `/compatibility${subjectPath(subject)}/versions?verbose=true`
      const { found, body } = await client.request('POST', path, content(schema))
      if (!found) return []
      const { is_compatible, messages = [] } = body as { is_compatible: boolean; messages?: string[] }
      if (is_compatible) return []
      return messages.length > 0 ? messages : ['the registry finds it incompatible and does not say why']
    },
    async find(subject, schema) {
      const { found, body } = await client.request('POST', subjectPath(subject), content(schema))
      if (!found) return undefined
      const { version, id } = body as SchemaPosition
      return { version, id }
    },
    async register(subject, schema) {
      const { conflict } = await client.request('POST', `${subjectPath(subject)}/versions`, content(schema))
      if (conflict)
        throw new TerminalError(`${subject}: ${conflict}.`, { code: 'CHORUS_INCOMPATIBLE_CONTRACT' })
    },
  }
}

async function readVersions(client: RegistryClient, path: string): Promise<readonly SchemaVersion[]> {
  const { found, body } = await client.request('GET', `${path}/versions`)
  if (!found) return []
  return Promise.all(
    (body as number[]).map(async (number) => {
      const { body } = await client.request('GET', `${path}/versions/${number}`)
      const { version, id, schema } = body as { version: number; id: number; schema: string }
      return { version, id, schema: JSON.parse(schema) }
    }),
  )
}

const subjectPath = (subject: string) => `/subjects/${encodeURIComponent(subject)}`

const content = (schema: Schema) => ({ schema: JSON.stringify(schema) })
