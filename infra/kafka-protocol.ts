import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

const TIMEOUT_MS = 2_000
const API_VERSIONS = 18
const CORRELATION_ID = 7

/**
 * Asks a broker which requests it understands, the one question that every version answers and that needs no
 * login. Rejects when nothing answers, or when what answers is no Kafka.
 */
export function kafkaAnswers(address: string, { tls = false } = {}): Promise<void> {
  const separator = address.lastIndexOf(':')
  const target = {
    host: address.slice(0, separator),
    port: Number(address.slice(separator + 1)),
    timeout: TIMEOUT_MS,
  }
  return new Promise((resolve, reject) => {
    const ask = () => socket.write(apiVersionsRequest())
    // Only a question without secrets goes over it: whom to trust is for the services to check.
    const socket = tls ? connectTls({ ...target, rejectUnauthorized: false }, ask) : connect(target, ask)
    const end = (error?: Error) => {
      socket.destroy()
      if (error) reject(error)
      else resolve()
    }
    let answer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk])
      if (answer.length >= 10) end(refusal(answer, address))
    })
    socket.once('timeout', () => end(new Error(`${address} does not answer within ${TIMEOUT_MS / 1000} s`)))
    socket.once('close', () => end(new Error(`${address} closed the connection`)))
    socket.once('error', (error: Error) => end(new Error(`${address}: ${error.message || error.name}`)))
  })
}

/** Length, request type, version 0, correlation id, no client id. */
function apiVersionsRequest(): Buffer {
  const request = Buffer.alloc(14)
  request.writeInt32BE(10, 0)
  request.writeInt16BE(API_VERSIONS, 4)
  request.writeInt16BE(0, 6)
  request.writeInt32BE(CORRELATION_ID, 8)
  request.writeInt16BE(-1, 12)
  return request
}

/** The answer begins with its length, our correlation id and an error code. */
function refusal(answer: Buffer, address: string): Error | undefined {
  if (answer.readInt32BE(4) !== CORRELATION_ID) return new Error(`what listens on ${address} is no Kafka`)
  const code = answer.readInt16BE(8)
  return code === 0 ? undefined : new Error(`${address} answers with error ${code}`)
}
