import { createHash } from 'node:crypto'
import type { Schema } from 'avsc'
import type { Logger } from '#observability'
import { RetryableError } from './errors.ts'
import type { SchemaRegistry } from './registry.ts'

/** Where a service keeps what the registry said, beside its other data. Losing it loses nothing while the registry answers. */
export type SchemaCache = {
  /** The text last written under this key; `undefined` when there is none. */
  read(key: string): Promise<string | undefined>
  /** Replaces what stood there. */
  write(key: string, text: string): Promise<void>
}

/**
 * A registry that is remembered. It is always asked first, and what it says counts, a refusal too; only when it does not answer
 * (`RetryableError`) does the cache speak for it. What neither of them knows rejects as the registry did. A cache that
 * cannot be written is logged and no reason to fail.
 */
export function cachedRegistry(
  registry: SchemaRegistry,
  cache: SchemaCache,
  { log }: { log: Logger },
): SchemaRegistry {
  let away = false

  /** The registry's answer, which is then kept under `entries`, or else what stands under `key`. */
  async function ask<Answer>(
    question: () => Promise<Answer>,
    key: string,
    entries: (answer: Answer) => Readonly<Record<string, unknown>>,
  ): Promise<Answer> {
    try {
      const answer = await question()
      if (away) log.info('The schema registry answers again.')
      away = false
      await remember(entries(answer))
      return answer
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error
      const known = await recall<Answer>(key)
      if (known === undefined) throw error
      if (!away) log.warn('Going on with cached contracts.', { error: error.message })
      away = true
      return known
    }
  }

  async function remember(entries: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      for (const [key, value] of Object.entries(entries)) await cache.write(key, JSON.stringify(value))
    } catch (error) {
      log.warn('What the schema registry said could not be kept.', { error: String(error) })
    }
  }

  async function recall<Value>(key: string): Promise<Value | undefined> {
    const text = await cache.read(key).catch(() => undefined)
    return text === undefined ? undefined : JSON.parse(text)
  }

  return {
    idOf(subject, schema) {
      const key = `${subject}#${fingerprint(schema)}`
      // Both ways, so that the numbers of one registry never meet the schemas of an earlier one.
      return ask(
        () => registry.idOf(subject, schema),
        key,
        (id) => ({ [key]: id, [`#${id}`]: schema }),
      )
    },
    schemaOf(id) {
      return ask(
        () => registry.schemaOf(id),
        `#${id}`,
        (schema) => ({ [`#${id}`]: schema }),
      )
    },
  }
}

function fingerprint(schema: Schema): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('base64url')
}
