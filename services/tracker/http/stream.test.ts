import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import express from 'express'
import { createLogger } from '#observability'
import { type Clock, type HttpServer, serveHttp } from '#orchestration'
import { answerProblems } from './problem.ts'
import { type EventStream, eventStream, streamRoutes } from './stream.ts'

let clock: Clock & { advance(ms: number): void }
let stream: EventStream
let server: HttpServer
beforeEach(async () => {
  clock = manualClock()
  stream = eventStream(clock)
  server = await serveHttp(
    express()
      .use(streamRoutes({ stream }))
      .use(answerProblems(createLogger({ service: 'test', level: 'silent' }))),
    0,
  )
})
afterEach(async () => {
  stream.close()
  await server.close()
})

/** Stands still until it is moved; then what is due happens. */
function manualClock(): typeof clock {
  let now = 0
  let tasks: { readonly at: number; readonly task: () => void }[] = []
  return {
    now: () => now,
    schedule(ms, task) {
      const entry = { at: now + ms, task }
      tasks.push(entry)
      return () => {
        tasks = tasks.filter((other) => other !== entry)
      }
    },
    advance(ms) {
      now += ms
      const due = tasks.filter(({ at }) => at <= now)
      tasks = tasks.filter(({ at }) => at > now)
      for (const { task } of due) task()
    },
  }
}

/** A page that follows; `next` waits for the next event. */
async function follow(lastEventId?: string) {
  const response = await fetch(`${server.address}/stream`, {
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    signal: AbortSignal.timeout(10_000),
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    async next(): Promise<{ readonly id: string; readonly event: unknown }> {
      for (;;) {
        const [all, id, data] = /^id: (.*)\ndata: (.*)\n\n/m.exec(text) ?? []
        if (all !== undefined) {
          text = text.slice(text.indexOf(all) + all.length)
          return { id: id ?? '', event: JSON.parse(data ?? '') }
        }
        const { value, done } = (await reader?.read()) ?? { done: true }
        if (done) throw new Error('the stream has ended')
        text += value
      }
    },
    close: () => reader?.cancel(),
  }
}

const sagas = (...sagaIds: string[]) => ({ type: 'sagas', sagaIds, isPartial: false }) as const

test('what changes within a second is told together', async () => {
  const page = await follow()
  for (const event of [sagas('a'), { type: 'lag' } as const, sagas('b', 'a')]) stream.tell(event)
  clock.advance(1_000)
  expect((await page.next()).event).toEqual(sagas('a', 'b'))
  expect((await page.next()).event).toEqual({ type: 'lag' })
  await page.close()
})

test('more sagas than a page can take are told as such', async () => {
  const page = await follow()
  stream.tell(sagas(...Array.from({ length: 501 }, (_, i) => `s${i}`)))
  clock.advance(1_000)
  expect((await page.next()).event).toMatchObject({ sagaIds: { length: 500 }, isPartial: true })
  await page.close()
})

test('a page that was away gets what it missed', async () => {
  const page = await follow()
  stream.tell(sagas('a'))
  clock.advance(1_000)
  const { id } = await page.next()
  await page.close()
  stream.tell(sagas('b'))
  clock.advance(1_000)
  const again = await follow(id)
  expect((await again.next()).event).toEqual(sagas('b'))
  await again.close()
})

test.each(['of-another-process', 'x-1', ''])(
  'a page whose last event "%s" is not known has to ask again for everything',
  async (id) => {
    const page = await follow(id)
    expect((await page.next()).event).toEqual({ type: 'reset' })
    await page.close()
  },
)

test('a page too many is refused', async () => {
  const pages = await Promise.all(Array.from({ length: 100 }, () => follow()))
  const refused = await fetch(`${server.address}/stream`)
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ code: 'too-many-streams' })
  await Promise.all(pages.map((page) => page.close()))
})

test('a page that does not read is cut off, and costs no memory', async () => {
  const { hostname, port } = new URL(server.address)
  const socket = connect(Number(port), hostname)
  socket.pause()
  socket.write('GET /stream HTTP/1.1\r\nhost: tracker\r\n\r\n')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  const ids = Array.from({ length: 500 }, (_, i) => `saga-with-a-long-name-${i}`)
  let isCut = false
  void closed.then(() => {
    isCut = true
  })
  for (let i = 0; i < 10_000 && !isCut; i++) {
    stream.tell(sagas(...ids))
    clock.advance(1_000)
    await new Promise(setImmediate)
    // What is left to read is read once the other side has given up.
    if (i > 5_000) socket.resume()
  }
  expect(isCut).toBe(true)
})
