import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { kafkaConfigFromEnvironment } from './config.ts'

describe('the Kafka settings in the environment', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kafka-config-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function pem(content: string): string {
    const path = join(folder, `${content}.pem`)
    writeFileSync(path, content)
    return path
  }

  test('need only the address', () => {
    const config = kafkaConfigFromEnvironment({
      KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:9092, kafka.internal:9093',
    })
    expect(config).toEqual({
      brokers: ['127.0.0.1:9092', 'kafka.internal:9093'],
      clientId: expect.stringMatching(/^chorus-.+-\d+$/),
    })
  })

  test('pass TLS files and credentials through', () => {
    const config = kafkaConfigFromEnvironment({
      KAFKA_BOOTSTRAP_SERVERS: 'kafka:9093',
      KAFKA_CLIENT_ID: 'order-7',
      KAFKA_SSL_CA_FILE: pem('ca'),
      KAFKA_SSL_CERT_FILE: pem('cert'),
      KAFKA_SSL_KEY_FILE: pem('key'),
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'order',
      KAFKA_SASL_PASSWORD: 'secret',
    })
    expect(config).toEqual({
      brokers: ['kafka:9093'],
      clientId: 'order-7',
      ssl: { ca: 'ca', cert: 'cert', key: 'key' },
      sasl: { mechanism: 'scram-sha-512', username: 'order', password: 'secret' },
    })
  })

  test('use the system certificates when TLS is on without files', () => {
    const config = kafkaConfigFromEnvironment({ KAFKA_BOOTSTRAP_SERVERS: 'kafka:9093', KAFKA_SSL: 'true' })
    expect(config.ssl).toEqual({})
  })

  test('are refused with all their faults at once, each with what was got, what was expected and an example', () => {
    const read = () =>
      kafkaConfigFromEnvironment({
        KAFKA_SSL: 'yes',
        KAFKA_SSL_CERT_FILE: join(folder, 'missing.pem'),
        KAFKA_SASL_MECHANISM: 'kerberos',
      })
    expect(read).toThrow(
      /KAFKA_BOOTSTRAP_SERVERS: got nothing, expected host:port.*, e\.g\. .*127\.0\.0\.1:9092/,
    )
    expect(read).toThrow(/KAFKA_SSL: got "yes", expected true or false/)
    expect(read).toThrow(/KAFKA_SSL_CERT_FILE and KAFKA_SSL_KEY_FILE belong together/)
    expect(read).toThrow(
      /KAFKA_SASL_MECHANISM: got "kerberos", expected plain, scram-sha-256 or scram-sha-512/,
    )
  })

  test.each([
    [{ KAFKA_BOOTSTRAP_SERVERS: 'kafka' }, /KAFKA_BOOTSTRAP_SERVERS: got "kafka"/],
    [
      { KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_SSL_CA_FILE: '/missing.pem' },
      /KAFKA_SSL_CA_FILE: got "\/missing\.pem"/,
    ],
    [
      { KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_SSL: 'false', KAFKA_SSL_CA_FILE: '/ca.pem' },
      /KAFKA_SSL is false, but/,
    ],
    [{ KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_SASL_USERNAME: 'order' }, /KAFKA_SASL_MECHANISM: got nothing/],
    [{ KAFKA_BOOTSTRAP_SERVERS: 'a:1', KAFKA_SASL_MECHANISM: 'plain' }, /KAFKA_SASL_USERNAME: got nothing/],
  ])('are refused when they are %j', (env, sentence) => {
    expect(() => kafkaConfigFromEnvironment(env)).toThrow(sentence)
  })

  test('never show the password', () => {
    const env = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'hunter2' }
    expect(() => kafkaConfigFromEnvironment(env)).toThrow(expect.not.stringContaining('hunter2'))
  })
})
