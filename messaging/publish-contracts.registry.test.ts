import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from '@jest/globals'
import type { Schema } from 'avsc'
import { booking, bookingMade, contractsOf, envelope, stored } from './codec.fixtures.ts'
import { createCodec } from './codec.ts'
import type { Envelope } from './contracts.ts'
import { findIncompatibilities, publishContracts } from './publish-contracts.ts'
import { type RegistryAdmin, restRegistryAdmin } from './registry-admin.ts'
import { type RegistryConfig, registryClient, registryConfigFromEnvironment } from './registry-client.ts'
import { restRegistry } from './rest-registry.ts'

// Needs a real schema registry: fails, with the name of the setting, where SCHEMA_REGISTRY_URL is not set.
let config: RegistryConfig
let admin: RegistryAdmin
beforeAll(() => {
  config = registryConfigFromEnvironment()
  admin = restRegistryAdmin(config)
})

/** A fresh topic, so that every test has subjects of its own. */
const freshTopic = () => `test-${randomUUID()}.events`
const bookingContracts = (topic: string, schema: Schema = bookingMade) =>
  contractsOf('BookingMade', schema, topic)
const withField = (field: { name: string; type: Schema; default?: unknown }): Schema => ({
  ...bookingMade,
  fields: [...bookingMade.fields, field],
})

test('publishing twice is the same as publishing once', async () => {
  const contracts = bookingContracts(freshTopic())
  const first = await publishContracts(contracts, admin)
  expect(first).toEqual([
    { subject: contracts.events.BookingMade?.subject, version: 1, id: expect.any(Number) },
  ])
  expect(await publishContracts(contracts, admin)).toEqual(first)
})

test('the subject and the registry as a whole are under FULL_TRANSITIVE before the first version is there', async () => {
  const contracts = bookingContracts(freshTopic())
  const [published] = await publishContracts(contracts, admin)
  const client = registryClient(config)
  for (const path of ['/config', `/config/${published?.subject}`]) {
    expect(await client.request('GET', path)).toMatchObject({
      body: { compatibilityLevel: 'FULL_TRANSITIVE' },
    })
  }
  expect(await admin.compatibility(published?.subject ?? '')).toBe('FULL_TRANSITIVE')
})

test('an optional field is a compatible change: version 2, another id', async () => {
  const topic = freshTopic()
  const [first] = await publishContracts(bookingContracts(topic), admin)
  const extended = bookingContracts(
    topic,
    withField({ name: 'seatRow', type: ['null', 'string'], default: null }),
  )
  expect(await findIncompatibilities(extended, admin)).toEqual([])
  const [second] = await publishContracts(extended, admin)
  expect(second?.version).toBe(2)
  expect(second?.id).not.toBe(first?.id)
})

test('an incompatible change is refused with subject, field, rule and what to do, and nothing is registered', async () => {
  const topic = freshTopic()
  const [published] = await publishContracts(bookingContracts(topic), admin)
  const broken = bookingContracts(topic, withField({ name: 'seatRow', type: 'string' }))
  const error = await publishContracts(broken, admin).catch((error: Error) => error)
  expect((error as Error).message).toBe(
    [
      `✗ ${published?.subject} is not compatible with published version 1`,
      '  Why: BookingMade.seatRow: a new field needs a default, or nobody can read the events written before it (FULL_TRANSITIVE)',
      '  Fix: make seatRow optional: "type": ["null", …], "default": null, then npm run contracts:generate',
      '  Or:  leave BookingMade as it was and say the new thing in an event with a new name',
    ].join('\n'),
  )
  expect(await admin.versions(published?.subject ?? '')).toHaveLength(1)
})

test('a change is held against every published version, not only the last one', async () => {
  const topic = freshTopic()
  await publishContracts(bookingContracts(topic, withField({ name: 'fare', type: 'int', default: 0 })), admin)
  await publishContracts(bookingContracts(topic), admin)
  const again = bookingContracts(topic, withField({ name: 'fare', type: 'string', default: '' }))
  expect(await findIncompatibilities(again, admin)).toEqual([
    expect.objectContaining({
      version: 1,
      field: 'fare',
      rule: expect.stringContaining('from "int" to "string"'),
    }),
  ])
})

test('the registry itself refuses an incompatible version, so nobody gets around the check', async () => {
  const topic = freshTopic()
  const [published] = await publishContracts(bookingContracts(topic), admin)
  const broken = withField({ name: 'seatRow', type: 'string' })
  const { subject = '' } = published ?? {}
  expect(await admin.objections(subject, broken)).not.toEqual([])
  await expect(admin.register(subject, broken)).rejects.toMatchObject({
    code: 'CHORUS_INCOMPATIBLE_CONTRACT',
    message: expect.stringContaining('seatRow'),
  })
})

test('a reader with version 1 reads what a writer with version 2 wrote, and the other way round', async () => {
  const topic = freshTopic()
  const registry = restRegistry(config)
  const old = bookingContracts(topic)
  await publishContracts(old, admin)
  const oldCodec = await createCodec({ contracts: old, registry })
  const extended = bookingContracts(topic, withField({ name: 'seatRow', type: 'string', default: 'any' }))
  await publishContracts(extended, admin)
  const newCodec = await createCodec({ contracts: extended, registry })

  const written: Envelope = envelope({ ...booking, seatRow: '12' })
  expect(await oldCodec.decode(stored(newCodec.encode(written)))).toStrictEqual(envelope())
  expect(await newCodec.decode(stored(oldCodec.encode(envelope())))).toStrictEqual(
    envelope({ ...booking, seatRow: 'any' }),
  )
})

test('what was never published is told apart: an unknown id is poison, an unpublished contract a start that fails', async () => {
  const registry = restRegistry(config)
  for (const id of [0, 2 ** 31 - 1]) {
    await expect(registry.schemaOf(id)).rejects.toMatchObject({ code: 'CHORUS_UNKNOWN_SCHEMA' })
  }
  await expect(createCodec({ contracts: bookingContracts(freshTopic()), registry })).rejects.toMatchObject({
    code: 'CHORUS_UNPUBLISHED_SCHEMA',
    message: expect.stringContaining('npm run contracts:publish'),
  })
})
