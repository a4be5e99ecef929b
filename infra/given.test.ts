import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { givenAddresses, givenParts, givenServers } from './given.ts'
import { httpAnswers } from './http.ts'
import { kafkaAnswers } from './kafka-protocol.ts'

const servers: Server[] = []

afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done)))))

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('addresses in the environment', () => {
  test('are taken as they are, and only those that are set', () => {
    const given = givenAddresses({ MONGODB_URI: 'mongodb://m', KAFKA_BOOTSTRAP_SERVERS: '', HOME: '/' })
    expect(given).toEqual({ MONGODB_URI: 'mongodb://m' })
    expect(givenParts(given)).toEqual(['store'])
  })

  test('are shown without the passwords in them', () => {
    const servers = givenServers({ MONGODB_URI: 'mongodb+srv://me:secret@cluster/db' })
    expect(servers).toEqual([{ name: 'MongoDB', version: '(given)', address: 'mongodb+srv://cluster/db' }])
  })
})

describe('readiness is asked for in the protocol of the server:', () => {
  test('a port where somebody else listens is no Kafka', async () => {
    const address = await listening(
      createServer((socket) => socket.resume().end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    await expect(kafkaAnswers(address)).rejects.toThrow(`what listens on ${address} is no Kafka`)
  })

  test('a port that hangs up is no Kafka', async () => {
    const address = await listening(createServer((socket) => socket.destroy()))
    await expect(kafkaAnswers(address)).rejects.toThrow(address)
  })

  test('a registry that answers with an error is not ready', async () => {
    const address = await listening(createHttpServer((_, response) => response.writeHead(503).end()))
    await expect(httpAnswers(`http://${address}/health/ready`)).rejects.toThrow('answers 503')
  })

  test('a registry is asked with the user of its address', async () => {
    const asked: unknown[] = []
    const address = await listening(
      createHttpServer(({ headers }, response) => {
        asked.push(headers.authorization)
        response.end()
      }),
    )
    await httpAnswers(`http://me:secret@${address}/subjects`)
    expect(asked).toEqual([`Basic ${btoa('me:secret')}`])
  })
})
