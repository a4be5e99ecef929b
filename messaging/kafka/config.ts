import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { TerminalError } from '../errors.ts'

/** How to reach a Kafka cluster, and as whom. */
export type KafkaConfig = {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[]
  /** Unique per process; appears in the broker's logs and quotas. */
  readonly clientId: string
  readonly ssl?: { readonly ca?: string; readonly cert?: string; readonly key?: string }
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
    readonly username: string
    readonly password: string
  }
}

type Environment = Readonly<Record<string, string | undefined>>
type Faults = string[]

/**
 * Reads the settings from the environment: `KAFKA_BOOTSTRAP_SERVERS` (required, comma-separated `host:port`), `KAFKA_CLIENT_ID`,
 * `KAFKA_SSL` with `KAFKA_SSL_CA_FILE`, `KAFKA_SSL_CERT_FILE`, `KAFKA_SSL_KEY_FILE`, and `KAFKA_SASL_MECHANISM` with
 * `KAFKA_SASL_USERNAME`, `KAFKA_SASL_PASSWORD`. Throws one `TerminalError` that lists every fault with what was expected.
 */
export function kafkaConfigFromEnvironment(env: Environment = process.env): KafkaConfig {
  const faults: Faults = []
  const brokers = readBrokers(env, faults)
  const ssl = readSsl(env, faults)
  const sasl = readSasl(env, faults)
  if (faults.length > 0) {
    throw new TerminalError(`The Kafka settings in the environment are wrong:\n- ${faults.join('\n- ')}`, {
      code: 'CHORUS_CONFIG',
    })
  }
  const clientId = env.KAFKA_CLIENT_ID || `chorus-${hostname()}-${process.pid}`
  return { brokers, clientId, ...(ssl && { ssl }), ...(sasl && { sasl }) }
}

function readBrokers(env: Environment, faults: Faults): readonly string[] {
  const name = 'KAFKA_BOOTSTRAP_SERVERS'
  const brokers = (env[name] ?? '').split(',').map((broker) => broker.trim())
  const wrong = brokers.filter((broker) => !/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(broker))
  if (wrong.length > 0) {
    faults.push(fault(name, env[name], 'host:port, several separated by commas', '127.0.0.1:9092'))
  }
  return brokers
}

function readSsl(env: Environment, faults: Faults): KafkaConfig['ssl'] {
  const files = [
    ['ca', 'KAFKA_SSL_CA_FILE'],
    ['cert', 'KAFKA_SSL_CERT_FILE'],
    ['key', 'KAFKA_SSL_KEY_FILE'],
  ] as const
  const given = files.filter(([, name]) => env[name])
  const wanted = env.KAFKA_SSL || (given.length > 0 ? 'true' : 'false')
  if (wanted !== 'true' && wanted !== 'false') {
    faults.push(fault('KAFKA_SSL', wanted, 'true or false', 'true'))
  }
  if (wanted === 'false' && given.length > 0) {
    faults.push(
      `KAFKA_SSL is false, but ${given.map(([, name]) => name).join(', ')} is set: unset one of the two.`,
    )
  }
  if (Boolean(env.KAFKA_SSL_CERT_FILE) !== Boolean(env.KAFKA_SSL_KEY_FILE)) {
    faults.push('KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together: set both or none.')
  }
  if (wanted !== 'true') return undefined
  return Object.fromEntries(given.map(([field, name]) => [field, readPem(name, env[name] ?? '', faults)]))
}

function readPem(name: string, path: string, faults: Faults): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    faults.push(
      `${fault(name, path, 'the path of a PEM file that can be read', '/etc/kafka/ca.pem')} (${error})`,
    )
    return ''
  }
}

function readSasl(env: Environment, faults: Faults): KafkaConfig['sasl'] {
  const given = env.KAFKA_SASL_MECHANISM
  const { KAFKA_SASL_USERNAME: username = '', KAFKA_SASL_PASSWORD: password = '' } = env
  if (!given) {
    if (username || password) {
      faults.push(fault('KAFKA_SASL_MECHANISM', given, 'a mechanism, as user or password is set', 'plain'))
    }
    return undefined
  }
  const mechanism = (['plain', 'scram-sha-256', 'scram-sha-512'] as const).find(
    (known) => known === given.toLowerCase(),
  )
  if (!mechanism) {
    faults.push(
      fault('KAFKA_SASL_MECHANISM', given, 'plain, scram-sha-256 or scram-sha-512', 'scram-sha-512'),
    )
    return undefined
  }
  if (!username) faults.push(fault('KAFKA_SASL_USERNAME', username, 'a user name', 'my-service'))
  if (!password) faults.push('KAFKA_SASL_PASSWORD: got nothing, expected the password of the SASL user.')
  return { mechanism, username, password }
}

function fault(name: string, got: string | undefined, expected: string, example: string): string {
  return `${name}: got ${got ? `"${got}"` : 'nothing'}, expected ${expected}, e.g. ${name}=${example}`
}
