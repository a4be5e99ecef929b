import { once } from 'node:events'
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { bodyOf, newKey, ways } from '../workload.ts'
import type { Entry } from './entry.ts'

/** `POST /orders` over connections that are kept; with several addresses, each in turn. Rejects for an answer that is neither yes nor "too much". */
export function httpEntry(addresses: readonly string[]): Entry {
  const agent = new Agent({ keepAlive: true })
  const bodies = new Map(ways.map((way) => [way, bodyOf(way)]))
  let placed = 0

  /** A kept connection may be closed in the moment in which it is used: then the same request goes out again, under its key. */
  async function post(url: string, headers: OutgoingHttpHeaders, body: string): Promise<IncomingMessage> {
    const sent = request(url, { method: 'POST', headers, agent }).end(body)
    try {
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      return answer
    } catch (error) {
      if (sent.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET')
        return await post(url, headers, body)
      throw error
    }
  }

  return {
    async place(way) {
      const address = addresses[placed++ % addresses.length]
      const headers = { 'content-type': 'application/json', 'idempotency-key': newKey() }
      const answer = await post(`${address}/orders`, headers, bodies.get(way) ?? '')
      answer.resume()
      const { statusCode = 0 } = answer
      if (statusCode === 503 || statusCode === 429) return undefined
      const orderId = answer.headers.location?.split('/').at(-1)
      if (statusCode !== 202 || !orderId) throw new Error(`POST /orders answers ${statusCode}`)
      return orderId
    },
    async close() {
      agent.destroy()
    },
  }
}
