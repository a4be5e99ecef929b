import { once } from 'node:events'
import net from 'node:net'
import { jest } from '@jest/globals'

/** The API keys of Kafka's protocol that the tests speak of. */
export const API = { produce: 0, fetch: 1, findCoordinator: 10, initProducerId: 22 } as const

/** A TCP proxy that understands just enough of Kafka's protocol to lose or change answers. */
export type FaultyProxy = {
  /** Decides what becomes of an answer: the same or another frame, or `null` for an answer that is lost. */
  answer: (apiKey: number, frame: Buffer) => Buffer | null
  /** While true, connections are closed as soon as they are opened. */
  refusing: boolean
  /** Connections refused so far. */
  refused(): number
  /** Requests seen so far with this API key. */
  requests(apiKey: number): number
  /** Breaks all connections. */
  cut(): void
  close(): Promise<void>
}

/** Every TCP connection that this process opens from now on goes through the proxy to `target`, whatever Kafka advertises. */
export async function faultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname: host, port } = new URL(`kafka://${target}`)
  const open = new Set<net.Socket>()
  const counts = new Map<number, number>()
  let refused = 0
  const connect = net.connect

  const server = net.createServer((client) => {
    if (proxy.refusing) {
      refused++
      return client.destroy()
    }
    const upstream = connect({ host, port: Number(port) })
    const asked = new Map<number, number>()
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    forwardFrames(client, (frame) => {
      const apiKey = frame.readInt16BE(4)
      asked.set(frame.readInt32BE(8), apiKey)
      counts.set(apiKey, (counts.get(apiKey) ?? 0) + 1)
      upstream.write(frame)
    })
    forwardFrames(upstream, (frame) => {
      const passed = proxy.answer(asked.get(frame.readInt32BE(4)) ?? -1, frame)
      if (passed) client.write(passed)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port: proxyPort } = server.address() as net.AddressInfo

  const redirect = (_: unknown, onConnect?: () => void) =>
    connect({ host: '127.0.0.1', port: proxyPort }, onConnect)
  const spy = jest.spyOn(net, 'connect').mockImplementation(redirect as typeof net.connect)

  const proxy: FaultyProxy = {
    answer: (_, frame) => frame,
    refusing: false,
    refused: () => refused,
    requests: (apiKey) => counts.get(apiKey) ?? 0,
    cut() {
      for (const socket of open) socket.destroy()
    },
    async close() {
      spy.mockRestore()
      proxy.cut()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}

/** Calls `take` with each frame: four bytes of length and as many bytes as they say. */
function forwardFrames(from: net.Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  from.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  })
}
