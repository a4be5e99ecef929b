import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type FrameLength, framer, kafkaFrame, mongoFrame } from './frames.ts'
import { kafkaRequest } from './kafka-request.ts'
import { type Counts, counted, type SeenRequest } from './requests.ts'
import { storeRequest } from './store-request.ts'

/** A TCP proxy to one server, for one service, that counts what is asked for. It costs time: speeds measured through it say nothing. */
export type CountingProxy = {
  readonly port: number
  /** Every request so far. */
  counts(): Counts
  close(): Promise<void>
}

type Protocol = { readonly lengthOf: FrameLength; readonly read: (frame: Buffer) => SeenRequest }

export const kafkaProtocol: Protocol = { lengthOf: kafkaFrame, read: kafkaRequest }
export const storeProtocol: Protocol = { lengthOf: mongoFrame, read: storeRequest }

/** On a free port of 127.0.0.1. `targetPort`: of the server, on 127.0.0.1 too. */
export async function countingProxy(
  targetPort: number,
  { lengthOf, read }: Protocol,
): Promise<CountingProxy> {
  const open = new Set<Socket>()
  let counts: Counts = {}

  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: targetPort }).setNoDelay(true)
    client.setNoDelay(true)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on(
      'data',
      framer(lengthOf, (frame) => {
        counts = counted(counts, read(frame))
      }),
    )
    client.pipe(upstream).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    counts: () => counts,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
