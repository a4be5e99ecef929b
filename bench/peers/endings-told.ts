import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Endings } from '../load/endings.ts'

/** Endings as a peer's services tell them. */
export type ToldEndings = Endings & { readonly port: number }

/** Hears of endings on a port of 127.0.0.1: a line for each, with the order's id. What is told twice, because a step was repeated, is heard once. */
export async function hearEndings(): Promise<ToldEndings> {
  const early = new Map<string, number>()
  const waiting = new Map<string, (at: number) => void>()
  const ended = new Set<string>()

  function note(orderId: string): void {
    if (ended.has(orderId)) return
    ended.add(orderId)
    const tell = waiting.get(orderId)
    waiting.delete(orderId)
    if (tell) tell(performance.now())
    else early.set(orderId, performance.now())
  }

  const server = createServer((socket) => {
    // Services are killed at the end of a turn.
    socket.on('error', () => socket.destroy())
    createInterface(socket).on('line', note)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async of(orderId) {
      const seen = early.get(orderId)
      early.delete(orderId)
      return seen ?? (await new Promise((resolve) => waiting.set(orderId, resolve)))
    },
    open: () => waiting.size,
    async close() {
      server.close()
    },
  }
}

/** Tells of endings at this port. It costs a service next to nothing: a line on a connection that stays. */
export function endingsTeller(port: number): { tell(orderId: string): void; close(): void } {
  const socket = connect(port, '127.0.0.1')
  return {
    tell: (orderId) => void socket.write(`${orderId}\n`),
    close: () => void socket.end(),
  }
}
