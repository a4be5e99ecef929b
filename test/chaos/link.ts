import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy to one server, for one client: the network between the two, which can be cut, silent or slow. */
export type Link = {
  readonly port: number
  /** Breaks every connection, and each new one at once. */
  cut(): void
  /** Connections stay and open, and carry nothing: a partition, as TCP sees it. */
  hold(): void
  /** Milliseconds that everything takes longer, in each direction. It outlives `heal`; 0 ends it. */
  delay(ms: number): void
  /** Ends `cut` and `hold`; what was held arrives. */
  heal(): void
  /** Connections that were broken and pieces that were held up or late: 0 when the faults met nothing. */
  harm(): number
  close(): Promise<void>
}

/** A link on a free port, or on this one. */
export async function openLink(target: { host: string; port: number }, port = 0): Promise<Link> {
  const open = new Set<Socket>()
  const pumps = new Set<() => void>()
  const state: LinkState = { mode: 'through', delayMs: 0, harm: 0 }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (state.mode === 'cut') return breakAll([client])
    const upstream = connect({ ...target, allowHalfOpen: true }).setNoDelay(true)
    client.setNoDelay(true)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      const flush = pump(from, to, state)
      pumps.add(flush)
      open.add(from)
      from.on('error', () => from.destroy())
      from.on('close', () => open.delete(from))
      to.on('close', () => pumps.delete(flush))
    }
  })

  function breakAll(sockets: Iterable<Socket>): void {
    for (const socket of sockets) {
      socket.resetAndDestroy()
      state.harm++
    }
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state.mode = 'cut'
      breakAll(open)
    },
    hold() {
      state.mode = 'hold'
    },
    delay(ms) {
      state.delayMs = ms
    },
    heal() {
      state.mode = 'through'
      for (const flush of pumps) flush()
    },
    harm: () => state.harm,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

type LinkState = { mode: 'through' | 'cut' | 'hold'; delayMs: number; harm: number }
/** `null` is the end of what one side says. */
type Piece = { readonly due: number; readonly chunk: Buffer | null }

/** More than this is not read ahead while nothing can be passed on. */
const windowBytes = 1024 * 1024

/** Carries what `from` says to `to`, in order. The returned function passes on what is due. */
function pump(from: Socket, to: Socket, state: LinkState): () => void {
  const queue: Piece[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined

  function take(chunk: Buffer | null): void {
    if (state.mode === 'hold' || state.delayMs > 0) state.harm++
    queue.push({ due: performance.now() + state.delayMs, chunk })
    bytes += chunk?.length ?? 0
    if (bytes > windowBytes) from.pause()
    flush()
  }

  function flush(): void {
    clearTimeout(timer)
    while (queue[0] && state.mode !== 'hold' && !to.destroyed) {
      const wait = queue[0].due - performance.now()
      if (wait > 0) {
        timer = setTimeout(flush, wait)
        return
      }
      pass(queue.shift()?.chunk ?? null)
    }
  }

  function pass(chunk: Buffer | null): void {
    if (chunk === null) return void to.end()
    bytes -= chunk.length
    if (!to.write(chunk)) from.pause()
    else if (bytes <= windowBytes) from.resume()
  }

  from.on('data', take)
  // What was said before is still passed on, and then the end of it, however the connection ended.
  from.on('end', () => take(null))
  from.on('close', () => {
    if (!from.readableEnded) take(null)
  })
  to.on('drain', () => from.resume())
  return flush
}
