import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy for tests: it can cut every connection and refuse new ones, or deliver requests and lose the answers. */
export async function proxyTo(target: { host: string; port: number }) {
  let mode: 'through' | 'cut' | 'mute' = 'through'
  const open = new Set<Socket>()
  const server = createServer((inbound) => {
    if (mode === 'cut') return inbound.destroy()
    const outbound = connect(target)
    for (const [socket, other] of [
      [inbound, outbound],
      [outbound, inbound],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    inbound.pipe(outbound)
    outbound.on('data', (chunk) => {
      if (mode !== 'mute') inbound.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const destroyOpen = () => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      mode = 'cut'
      destroyOpen()
    },
    mute() {
      mode = 'mute'
    },
    restore() {
      mode = 'through'
      destroyOpen()
    },
    async close() {
      destroyOpen()
      server.close()
      await once(server, 'close')
    },
  }
}
