import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { contracts } from '#contracts'
import { createCodec, type Envelope, memoryRegistry, PoisonError } from '#messaging'
import { arbitraryOf } from '../messaging/avro-arbitrary.ts'
import { compileSchema } from '../messaging/avro-schema.ts'

const codec = await createCodec({ contracts, registry: memoryRegistry(contracts) })

function record(event: Envelope) {
  return { ...codec.encode(event), partition: 0, offset: 0n, timestamp: 0 }
}

describe.each(Object.values(contracts.events))('$type', ({ type, owner, topic, schema }) => {
  const events = (arbitraryOf(compileSchema(schema)) as fc.Arbitrary<Envelope['data']>).map(
    (data): Envelope => ({ id: '1', type, source: owner, sagaId: 'o-1', time: 0, trace: {}, data }),
  )

  test('arrives as it was said, on its topic', () => {
    fc.assert(
      fc.property(events, (event) => {
        const sent = record(event)
        expect(sent.topic).toBe(topic)
        expect(codec.decode(sent)).toStrictEqual(event)
      }),
    )
  })

  test('is read or refused as poison when its bytes are damaged', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.integer({ min: 0, max: 255 }), (event, at, byte) => {
        const sent = record(event)
        const value = Buffer.from(sent.value ?? [])
        value[5 + (at % (value.length - 5))] = byte
        try {
          codec.decode({ ...sent, value })
        } catch (error) {
          expect(error).toBeInstanceOf(PoisonError)
        }
      }),
    )
  })
})
