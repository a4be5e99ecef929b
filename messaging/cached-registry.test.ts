import { beforeEach, describe, expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import type { Logger } from '#observability'
import { cachedRegistry, type SchemaCache } from './cached-registry.ts'
import { PoisonError, RetryableError, TerminalError } from './errors.ts'
import type { SchemaRegistry } from './registry.ts'

const said: Schema = { type: 'record', name: 'Said', fields: [] }
const heard: Schema = { type: 'record', name: 'Heard', fields: [] }

let lines: string[]
let kept: Map<string, string>
let cache: SchemaCache
beforeEach(() => {
  lines = []
  kept = new Map()
  cache = {
    read: async (key) => kept.get(key),
    write: async (key, text) => void kept.set(key, text),
  }
})

const log = (): Logger => {
  const write = (message: string) => void lines.push(message)
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger }
  return logger
}

/** A registry that says these ids and schemas, or fails with `fault`. */
function registryOf(ids: Readonly<Record<string, number>>, schemas: Readonly<Record<number, Schema>> = {}) {
  const registry = { fault: undefined as Error | undefined, asked: 0 }
  const answer = <Value>(value: Value | undefined, missing: Error): Value => {
    registry.asked++
    if (registry.fault) throw registry.fault
    if (value === undefined) throw missing
    return value
  }
  const port: SchemaRegistry = {
    idOf: async (subject) => answer(ids[subject], new TerminalError('not published')),
    schemaOf: async (id) => answer(schemas[id], new PoisonError('unknown schema')),
  }
  return { ...port, registry }
}

const away = new RetryableError('nobody listens')

describe('a registry that does not answer', () => {
  test('is spoken for by what it said before, in another process too, and the log says so once', async () => {
    const before = registryOf({ 'a-Said': 7 }, { 9: heard })
    const first = cachedRegistry(before, cache, { log: log() })
    await first.idOf('a-Said', said)
    await first.schemaOf(9)

    const down = registryOf({})
    down.registry.fault = away
    const second = cachedRegistry(down, cache, { log: log() })
    expect(await second.idOf('a-Said', said)).toBe(7)
    expect(await second.schemaOf(9)).toEqual(heard)
    expect(lines).toEqual(['Going on with cached contracts.'])
  })

  test('knows the schema of every id that it has named', async () => {
    const port = registryOf({ 'a-Said': 7 })
    const registry = cachedRegistry(port, cache, { log: log() })
    await registry.idOf('a-Said', said)
    port.registry.fault = away
    expect(await registry.schemaOf(7)).toEqual(said)
  })

  test('is not made up: what it never said rejects as it did', async () => {
    const port = registryOf({ 'a-Said': 7 })
    const registry = cachedRegistry(port, cache, { log: log() })
    await registry.idOf('a-Said', said)
    port.registry.fault = away
    await expect(registry.idOf('a-Said', heard)).rejects.toBe(away)
    await expect(registry.idOf('b-Said', said)).rejects.toBe(away)
    await expect(registry.schemaOf(8)).rejects.toBe(away)
  })

  test('is asked again each time, and its return is told', async () => {
    const port = registryOf({ 'a-Said': 7 })
    const registry = cachedRegistry(port, cache, { log: log() })
    await registry.idOf('a-Said', said)
    port.registry.fault = away
    await registry.idOf('a-Said', said)
    port.registry.fault = undefined
    await registry.idOf('a-Said', said)
    expect(port.registry.asked).toBe(3)
    expect(lines).toEqual(['Going on with cached contracts.', 'The schema registry answers again.'])
  })
})

describe('a registry that answers', () => {
  test.each([
    ['no such schema', new PoisonError('unknown schema')],
    ['not published', new TerminalError('not published')],
  ])('is not overruled when it says: %s', async (_, refusal) => {
    const port = registryOf({ 'a-Said': 7 }, { 7: said })
    const registry = cachedRegistry(port, cache, { log: log() })
    await registry.idOf('a-Said', said)
    port.registry.fault = refusal
    await expect(registry.idOf('a-Said', said)).rejects.toBe(refusal)
    await expect(registry.schemaOf(7)).rejects.toBe(refusal)
  })

  test('replaces what an earlier registry said', async () => {
    const earlier = cachedRegistry(registryOf({ 'a-Said': 7, 'a-Heard': 8 }), cache, { log: log() })
    await earlier.idOf('a-Said', said)
    await earlier.idOf('a-Heard', heard)
    const port = registryOf({ 'a-Said': 8, 'a-Heard': 7 })
    const registry = cachedRegistry(port, cache, { log: log() })
    await registry.idOf('a-Said', said)
    await registry.idOf('a-Heard', heard)
    port.registry.fault = away
    expect([await registry.idOf('a-Said', said), await registry.schemaOf(8)]).toEqual([8, said])
  })

  test('is enough: a cache that cannot be used changes nothing', async () => {
    const broken: SchemaCache = {
      read: () => Promise.reject(new RetryableError('no store')),
      write: () => Promise.reject(new RetryableError('no store')),
    }
    const port = registryOf({ 'a-Said': 7 })
    const registry = cachedRegistry(port, broken, { log: log() })
    expect(await registry.idOf('a-Said', said)).toBe(7)
    port.registry.fault = away
    await expect(registry.idOf('a-Said', said)).rejects.toBe(away)
  })
})
