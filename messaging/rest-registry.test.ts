import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import { PoisonError, RetryableError, TerminalError } from './errors.ts'
import { registryConfigFromEnvironment } from './registry-client.ts'
import { restRegistry } from './rest-registry.ts'

const stops: Array<() => void> = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A registry that answers every request like this; resolves to its address. */
async function registryThat(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(answer)
  stops.push(() => {
    server.closeAllConnections()
    server.close()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
}

const answering = (status: number, body: unknown) =>
  registryThat((_, response) => {
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })

const schema: Schema = { type: 'record', name: 'Said', fields: [] }
const asWritten = { schema: '{"type":"record","name":"Said","fields":[]}' }

test('the schema of an id is what the registry holds', async () => {
  const url = await registryThat(({ url: path }, response) =>
    response.end(JSON.stringify(path === '/api/schemas/ids/7' ? asWritten : {})),
  )
  expect(await restRegistry({ url }).schemaOf(7)).toEqual(schema)
})

test('the id of a schema is looked up under its subject, never registered', async () => {
  const asked: unknown[] = []
  const url = await registryThat(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString())
    asked.push(request.method, request.url, body)
    response.end(JSON.stringify({ subject: 'a b', id: 3, version: 1 }))
  })
  expect(await restRegistry({ url: `${url}/` }).idOf('a b', schema)).toBe(3)
  expect(asked).toEqual(['POST', '/api/subjects/a%20b', asWritten])
})

describe('what the registry says decides what the error is', () => {
  test('it knows no such schema: poison', async () => {
    const url = await answering(404, { error_code: 40403, message: 'Schema not found' })
    await expect(restRegistry({ url }).schemaOf(7)).rejects.toMatchObject({
      constructor: PoisonError,
      code: 'CHORUS_UNKNOWN_SCHEMA',
    })
  })

  test('it holds something else than Avro: poison', async () => {
    const url = await answering(200, { schema: 'syntax = "proto3";', schemaType: 'PROTOBUF' })
    await expect(restRegistry({ url }).schemaOf(7)).rejects.toMatchObject({
      constructor: PoisonError,
      message: expect.stringMatching(/PROTOBUF/),
    })
  })

  test('the schema is not published: terminal, with the command that helps', async () => {
    const url = await answering(404, { error_code: 40401, message: 'Subject not found' })
    await expect(restRegistry({ url }).idOf('s', schema)).rejects.toMatchObject({
      constructor: TerminalError,
      message: expect.stringMatching(/npm run contracts:publish/),
    })
  })

  test.each([
    ['a 404 that is not the registry speaking', 404, '<html>'],
    ['too many requests', 429, { message: 'slow down' }],
    ['wrong credentials', 401, { message: 'who are you' }],
    ['a fault', 503, 'oops'],
    ['an answer that is not JSON', 200, '<html>'],
  ])('%s: retryable, nothing is condemned', async (_, status, body) => {
    const url = await answering(status, body)
    await expect(restRegistry({ url }).schemaOf(7)).rejects.toMatchObject({
      constructor: RetryableError,
      code: 'CHORUS_REGISTRY_REFUSED',
      message: expect.stringContaining(`${url} answered GET /schemas/ids/7 with ${status}`),
    })
  })

  test('it does not answer in time: retryable', async () => {
    const url = await registryThat(() => {})
    await expect(restRegistry({ url, timeoutMs: 50 }).schemaOf(7)).rejects.toMatchObject({
      constructor: RetryableError,
      code: 'CHORUS_REGISTRY_DOWN',
    })
  })

  test('nobody listens: retryable, and the message says where and why', async () => {
    const url = await answering(200, {})
    for (const stop of stops.splice(0)) stop()
    await expect(restRegistry({ url }).schemaOf(7)).rejects.toMatchObject({
      constructor: RetryableError,
      message: expect.stringMatching(/127\.0\.0\.1:\d+\/api does not answer: .*ECONNREFUSED/),
    })
  })
})

describe('credentials', () => {
  test.each([
    ['in the URL', (url: string) => ({ url: url.replace('//', '//ann:p%40ss@') })],
    ['beside it', (url: string) => ({ url, auth: { username: 'ann', password: 'p@ss' } })],
    [
      'from the environment',
      (url: string) =>
        registryConfigFromEnvironment({
          SCHEMA_REGISTRY_URL: url,
          SCHEMA_REGISTRY_USERNAME: 'ann',
          SCHEMA_REGISTRY_PASSWORD: 'p@ss',
        }),
    ],
  ])('%s are sent as basic authentication and never repeated in a message', async (_, config) => {
    const seen: unknown[] = []
    const url = await registryThat((request, response) => {
      seen.push(request.headers.authorization)
      response.writeHead(500).end()
    })
    const error = await restRegistry(config(url))
      .schemaOf(1)
      .catch((error: Error) => error)
    expect(seen).toEqual([`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
    expect((error as Error).message).not.toMatch(/p@ss|p%40ss/)
  })

  test('without an address the setting is named, with an example', () => {
    expect(() => registryConfigFromEnvironment({})).toThrow(
      /SCHEMA_REGISTRY_URL: got nothing, expected .*, e\.g\. SCHEMA_REGISTRY_URL=http/,
    )
    expect(() => registryConfigFromEnvironment({ SCHEMA_REGISTRY_URL: '127.0.0.1:8080' })).toThrow(
      /got something else/,
    )
  })
})
