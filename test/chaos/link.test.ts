import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Link, openLink } from './link.ts'

let echo: Server
let link: Link
let clients: Socket[]

beforeEach(async () => {
  clients = []
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  link = await openLink({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port })
})

afterEach(async () => {
  for (const client of clients) client.destroy()
  await link.close()
  echo.close()
})

async function client(): Promise<Socket> {
  const socket = connect(link.port, '127.0.0.1').on('error', () => {})
  clients.push(socket)
  await once(socket, 'connect')
  return socket
}

async function heard(socket: Socket, length: number): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk
    if (text.length >= length) break
  }
  return text
}

const closed = (socket: Socket) =>
  new Promise<void>((resolve) => {
    if (socket.closed) resolve()
    else socket.resume().once('close', () => resolve())
  })

/** What happens first: something is heard, or this many ms pass. */
async function silentFor(socket: Socket, ms: number): Promise<boolean> {
  const limit = AbortSignal.timeout(ms)
  return once(socket, 'data', { signal: limit }).then(
    () => false,
    () => true,
  )
}

test('carries everything both ways, in order and whole', async () => {
  const socket = await client()
  const said = Array.from({ length: 20_000 }, (_, index) => `${index},`).join('')
  socket.write(said)
  expect(await heard(socket, said.length)).toBe(said)
  expect(link.harm()).toBe(0)
})

test('cut breaks connections and refuses new ones, until it is healed', async () => {
  const socket = await client()
  link.cut()
  await closed(socket)
  const refused = connect(link.port, '127.0.0.1').on('error', () => {})
  await closed(refused)
  expect(link.harm()).toBeGreaterThan(0)
  link.heal()
  const again = await client()
  again.write('back')
  expect(await heard(again, 4)).toBe('back')
})

test('hold keeps connections and carries nothing; what was said meanwhile arrives afterwards, in order', async () => {
  const before = await client()
  link.hold()
  before.write('one ')
  const during = await client()
  during.write('new')
  expect(await silentFor(before, 100)).toBe(true)
  before.write('two')
  link.heal()
  expect(await heard(before, 7)).toBe('one two')
  expect(await heard(during, 3)).toBe('new')
  expect(link.harm()).toBeGreaterThan(0)
})

test('delay holds up each piece by its time, and not those behind it by more', async () => {
  const socket = await client()
  link.delay(60)
  const began = performance.now()
  for (let piece = 0; piece < 20; piece++) {
    socket.write('x')
    await new Promise(setImmediate)
  }
  await heard(socket, 20)
  const took = performance.now() - began
  expect(took).toBeGreaterThan(110)
  expect(took).toBeLessThan(1_000)
})

test('the end of a connection comes after what was said before it', async () => {
  const socket = await client()
  link.delay(30)
  socket.end('farewell')
  expect(await heard(socket, 8)).toBe('farewell')
  await closed(socket)
})

test('a server that is not there closes the connection', async () => {
  echo.close()
  const nobody = await openLink({ host: '127.0.0.1', port: 1 })
  const socket = connect(nobody.port, '127.0.0.1').on('error', () => {})
  socket.resume()
  await closed(socket)
  await nobody.close()
})
