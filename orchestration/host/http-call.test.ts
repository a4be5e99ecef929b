import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { RetryableError, TerminalError } from '#messaging'
import { postEffect } from './http-call.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let stop = async () => {}
afterEach(() => stop())

/** Where a server answers like this, until the test ends. */
async function serverOf(answer: Answer): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/rooms`
}

const refusing =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end('no')

function post(url: string, timeout = 5_000): Promise<unknown> {
  const call = { idempotencyKey: 'b-1:2/checkIn', signal: new AbortController().signal }
  return postEffect({ url, body: { nights: 2 }, timeout }, call)
}

/** With what the call ends. */
const endOf = (url: string, timeout?: number) =>
  post(url, timeout).then(
    (answer) => answer,
    (error) => error,
  )

describe('an effect that calls by HTTP', () => {
  test('posts JSON under its key and gets JSON', async () => {
    const requests: unknown[] = []
    const url = await serverOf(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString()
      requests.push([request.method, request.headers['idempotency-key'], body])
      response.writeHead(201).end('{"room":7}')
    })
    expect(await post(url)).toEqual({ room: 7 })
    expect(requests).toEqual([['POST', 'b-1:2/checkIn', '{"nights":2}']])
  })

  test.each([408, 409, 425, 429, 500, 502, 503, 504])('may try again after %d', async (status) => {
    const error = await endOf(await serverOf(refusing(status)))
    expect(error).toBeInstanceOf(RetryableError)
    expect(error).toMatchObject({ code: `HTTP_${status}`, retryAfter: undefined })
  })

  test.each([400, 401, 403, 404, 410, 422])('is refused for good by %d', async (status) => {
    const error = await endOf(await serverOf(refusing(status)))
    expect(error).toBeInstanceOf(TerminalError)
    expect(error).toMatchObject({ code: `HTTP_${status}` })
  })

  test('follows no redirect: it would ask something else', async () => {
    const error = await endOf(await serverOf(refusing(302, { location: '/elsewhere' })))
    expect(error).toMatchObject({ code: 'HTTP_302', name: 'TerminalError' })
  })

  test('may try again when nobody listens', async () => {
    const url = await serverOf(refusing(500))
    await stop()
    expect(await endOf(url)).toMatchObject({ name: 'RetryableError', code: 'CHORUS_NO_ANSWER' })
  })

  test('may try again when the answer takes too long', async () => {
    const url = await serverOf(() => {})
    expect(await endOf(url, 50)).toMatchObject({ name: 'RetryableError', code: 'CHORUS_NO_ANSWER' })
  })

  test.each([
    ['in seconds', { 'retry-after': '7' }, 7_000],
    [
      "as a date, by the other side's clock",
      { date: 'Sun, 01 Nov 2026 10:00:00 GMT', 'retry-after': 'Sun, 01 Nov 2026 10:00:20 GMT' },
      20_000,
    ],
    ['as a date that has passed', { 'retry-after': 'Sun, 01 Nov 2015 10:00:00 GMT' }, undefined],
    ['for ten minutes at most', { 'retry-after': '31536000' }, 600_000],
    ['in words that say nothing', { 'retry-after': 'later' }, undefined],
  ])('is told when to try again: %s', async (_, headers, retryAfter) => {
    const error = await endOf(await serverOf(refusing(503, headers)))
    expect(error).toMatchObject({ code: 'HTTP_503', retryAfter })
  })
})
