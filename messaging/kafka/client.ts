import net from 'node:net'
import tls from 'node:tls'
import type { ISocketFactoryArgs, Kafka, RetryOptions, SASLOptions } from 'kafkajs'
import { registerCompression } from './compression.ts'
import type { KafkaConfig } from './config.ts'
import kafkajs from './kafkajs.ts'
import { quietLogCreator } from './log.ts'
import type { KafkaSettings } from './settings.ts'

registerCompression()

/**
 * Passed explicitly wherever kafkajs takes it: its defaults change with `idempotent` and even with `NODE_ENV`. The waits are five
 * seconds in all.
 */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, factor: 0.2, multiplier: 2, retries: 7 }

/**
 * A kafkajs client of its own for each producer, consumer and admin: consumers of one client would share a cache of committed
 * offsets, which a rebalance of one empties under the others.
 */
export function kafkaClient(
  config: KafkaConfig,
  settings: KafkaSettings,
  retry: RetryOptions = RETRY,
): Kafka {
  const { brokers, clientId, ssl, sasl } = config
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    authenticationTimeout: 10_000,
    requestTimeout: settings.requestTimeoutMs,
    enforceRequestTimeout: true,
    retry,
    socketFactory: connect,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: quietLogCreator(settings.log),
    ...(ssl && { ssl }),
    ...(sasl && { sasl: sasl as SASLOptions }),
  })
}

/** As kafkajs connects, but small requests leave at once instead of waiting for the answer to the one before. */
function connect({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
  const servername = net.isIP(host) ? {} : { servername: host }
  const socket = ssl
    ? tls.connect({ host, port, ...servername, ...ssl }, onConnect)
    : net.connect({ host, port }, onConnect)
  return socket.setKeepAlive(true, 30_000).setNoDelay(true)
}
