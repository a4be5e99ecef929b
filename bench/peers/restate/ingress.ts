import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { v7 as uuidv7 } from 'uuid'
import type { Entry } from '../../load/entry.ts'
import { bodyOf, ways } from '../../workload.ts'

/** Orders as one-way calls of an object of their own, which itself knows whether it was placed before. Rejects for any answer but "accepted". */
export function ingressEntry(address: string): Entry {
  const agent = new Agent({ keepAlive: true })
  const bodies = new Map(ways.map((way) => [way, bodyOf(way)]))
  const headers = { 'content-type': 'application/json' }
  return {
    async place(way) {
      const orderId = uuidv7()
      const url = `${address}/order/${orderId}/place/send`
      const sent = request(url, { method: 'POST', headers, agent }).end(bodies.get(way))
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      if (answer.statusCode !== 202) throw new Error(`Restate's ingress answers ${answer.statusCode}`)
      return orderId
    },
    async close() {
      agent.destroy()
    },
  }
}
