import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { anyPorts, portsFrom, refuseBusyPorts, withFreePorts } from './ports.ts'

const servers: Server[] = []

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))))

async function listen(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
}

describe('ports', () => {
  test('that are busy are told all at once, with who holds them and the line that evades them', async () => {
    const ports = await withFreePorts(anyPorts)
    await listen(ports.kafka)
    await listen(ports.mongodb)
    const refusal = refuseBusyPorts(ports, ['kafka', 'registry', 'mongodb'])
    await expect(refusal).rejects.toMatchObject({
      message: '2 ports are taken.',
      why: expect.stringMatching(
        new RegExp(
          `^${ports.kafka} \\(Kafka\\) is used by pid ${process.pid} \\(.+\\)\n${ports.mongodb} \\(MongoDB\\) is used by pid ${process.pid} \\(.+\\)$`,
        ),
      ),
      fix: expect.stringMatching(/^KAFKA_PORT=\d+ MONGODB_PORT=\d+ npm start$/),
      or: expect.stringContaining(`kill ${process.pid}`),
    })
  })

  test('that are free are no reason to refuse', async () => {
    const ports = await withFreePorts(anyPorts)
    await expect(refuseBusyPorts(ports, ['kafka', 'registry', 'mongodb'])).resolves.toBeUndefined()
  })

  test('are chosen freely, each another one, where none is asked for', async () => {
    const ports = await withFreePorts({ ...anyPorts, kafka: 9092 })
    expect(ports.kafka).toBe(9092)
    expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
  })

  test('are read from the environment, and a value that is none is refused', () => {
    expect(portsFrom({ KAFKA_PORT: '19092' })).toMatchObject({ kafka: 19092, mongodb: 27017 })
    expect(() => portsFrom({ KAFKA_PORT: 'many' })).toThrow('KAFKA_PORT is not a port.')
    expect(() => portsFrom({ KAFKA_PORT: '70000' })).toThrow('KAFKA_PORT is not a port.')
  })
})
