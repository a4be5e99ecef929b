import { once } from 'node:events'
import { createServer } from 'node:net'
import { randomFrom } from '#orchestration/simulation'

/** Below the ports that systems give to outgoing connections: a server that is away for a while finds its port still free. */
const range = [20_000, 32_000] as const

/** So many different ports that were free a moment ago. */
export async function lastingPorts(count: number): Promise<number[]> {
  const random = randomFrom(process.pid)
  const found = new Set<number>()
  for (let tries = 0; found.size < count; tries++) {
    if (tries > count * 50) throw new Error(`no ${count} free ports between ${range.join(' and ')}`)
    const port = random.between(...range)
    if (!found.has(port) && (await isFree(port))) found.add(port)
  }
  return [...found]
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
