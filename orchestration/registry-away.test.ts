import { expect, test } from '@jest/globals'
import { createCodec, memoryRegistry, PoisonError, RetryableError, type SchemaRegistry } from '#messaging'
import { contracts, desk } from './booking.fixtures.ts'
import { stage } from './stage.fixtures.ts'

/** Of a producer that was deployed before the contract has reached this process. */
const newerSchema = 77

/** A message of a schema that this process has to ask the registry for. */
function written(message: { readonly value: Buffer | null }, schemaId: number): Buffer {
  const value = Buffer.from(message.value ?? [])
  value.writeInt32BE(schemaId, 1)
  return value
}

test('an event whose schema nobody can be asked about waits, however long; other sagas do not, and nothing is condemned', async () => {
  const shop = await stage()
  const known = memoryRegistry(contracts)
  const asked: number[] = []
  let answer: () => Promise<unknown> = () => Promise.reject(new RetryableError('the registry answers 503'))
  const registry: SchemaRegistry = {
    ...known,
    schemaOf: (id) => {
      asked.push(id)
      return answer() as ReturnType<SchemaRegistry['schemaOf']>
    },
  }
  const codec = await createCodec({ contracts, registry })
  await shop.start(desk(), () => codec)

  const event = { type: 'Book', source: 'desk', time: 1, trace: {} }
  const data = { bookingId: 'b-1', n: 0 }
  const message = codec.encode({ ...event, id: 'of-tomorrow', sagaId: 'b-1', data })
  await shop.send({ ...message, value: written(message, newerSchema) })
  await shop.say('Book', 'b-2')
  await shop.until('the other saga goes on', () => shop.heard('b-2').length === 1)
  shop.clock.advance(3_600_000)
  await shop.quiet()
  expect(asked.length).toBeGreaterThan(3)
  expect(shop.deadLetters).toEqual([])
  expect(await shop.lag()).toBeGreaterThan(0n)

  answer = async () => contracts.events.Book?.schema
  await shop.settled('b-1', 'b-2')
  expect(shop.heard('b-1')).toEqual(['Booked 0'])
  expect(shop.deadLetters).toEqual([])
})

test('an id that the registry does not know is poison', async () => {
  const shop = await stage()
  const registry: SchemaRegistry = {
    ...memoryRegistry(contracts),
    schemaOf: () => Promise.reject(new PoisonError('no such id', { code: 'CHORUS_UNKNOWN_SCHEMA' })),
  }
  const codec = await createCodec({ contracts, registry })
  await shop.start(desk(), () => codec)
  const event = { type: 'Book', source: 'desk', time: 1, trace: {} }
  const message = codec.encode({ ...event, id: 'x', sagaId: 'b-1', data: { bookingId: 'b-1', n: 0 } })
  await shop.send({ ...message, value: written(message, newerSchema) })
  await shop.until('the letter is there', () => shop.deadLetters.length === 1)
  expect(shop.deadLetters[0]?.headers).toMatchObject({ dlt_code: 'CHORUS_UNKNOWN_SCHEMA' })
  await shop.settled()
})
