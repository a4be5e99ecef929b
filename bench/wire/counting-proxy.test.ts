import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type CountingProxy, countingProxy, kafkaProtocol } from './counting-proxy.ts'
import { between, totalOf } from './requests.ts'

const echo = createServer((socket) => void socket.pipe(socket))
let proxy: CountingProxy

beforeEach(async () => {
  echo.listen(0, '127.0.0.1')
  await once(echo, 'listening')
  proxy = await countingProxy((echo.address() as AddressInfo).port, kafkaProtocol)
})
afterEach(async () => {
  await proxy.close()
  echo.close()
})

function request(apiKey: number, length: number): Buffer {
  const frame = Buffer.alloc(length)
  frame.writeInt32BE(length - 4)
  frame.writeInt16BE(apiKey, 4)
  return frame
}

/** Sends the bytes and resolves when as many have come back. */
async function roundTrip(bytes: Buffer): Promise<Buffer> {
  const client = connect({ host: '127.0.0.1', port: proxy.port })
  const back: Buffer[] = []
  client.write(bytes)
  for await (const chunk of client) {
    back.push(chunk as Buffer)
    if (Buffer.concat(back).length >= bytes.length) break
  }
  return Buffer.concat(back)
}

test('requests are counted by their kind, and everything arrives as it was sent', async () => {
  const sent = Buffer.concat([request(0, 300_000), request(1, 40), request(0, 50), request(77, 10)])
  expect((await roundTrip(sent)).equals(sent)).toBe(true)
  expect(proxy.counts()).toEqual({
    produce: { requests: 2, bytes: 300_050, documents: 0 },
    fetch: { requests: 1, bytes: 40, documents: 0 },
    other: { requests: 1, bytes: 10, documents: 0 },
  })
})

test('what came between two moments can be told', async () => {
  await roundTrip(request(0, 100))
  const before = proxy.counts()
  await roundTrip(Buffer.concat([request(0, 30), request(8, 20)]))
  const meanwhile = between(before, proxy.counts())
  expect(meanwhile.produce).toEqual({ requests: 1, bytes: 30, documents: 0 })
  expect(totalOf(meanwhile)).toEqual({ requests: 2, bytes: 50, documents: 0 })
})
