import type { Schema } from 'avsc'
import type { BrokerRecord, OutgoingMessage } from './broker.ts'
import type { Contracts, Envelope, EventContract } from './contracts.ts'

/** A contract of the tests' own: nested records and arrays, a map, an optional field, and every kind of number. */
export const bookingMade = {
  type: 'record',
  name: 'BookingMade',
  namespace: 'test.travel',
  fields: [
    { name: 'bookingId', type: 'string' },
    { name: 'price', type: 'long' },
    { name: 'seats', type: 'int' },
    { name: 'weight', type: 'double' },
    { name: 'confirmed', type: 'boolean' },
    { name: 'note', type: ['null', 'string'], default: null },
    {
      name: 'legs',
      type: {
        type: 'array',
        items: {
          type: 'record',
          name: 'Leg',
          fields: [
            { name: 'from', type: 'string' },
            { name: 'stops', type: { type: 'array', items: 'int' } },
          ],
        },
      },
    },
    { name: 'labels', type: { type: 'map', values: 'string' } },
  ],
} satisfies Schema

export const booking = {
  bookingId: 'b-1',
  price: 12_900,
  seats: 2,
  weight: 23.5,
  confirmed: true,
  note: null,
  legs: [{ from: 'Basel', stops: [1, 2] }],
  labels: { class: 'second' },
}

/** Contracts that hold one event. */
export function contractsOf(type: string, schema: Schema, topic = 'travel.events'): Contracts {
  const event: EventContract = {
    type,
    topic,
    owner: 'travel',
    subject: `${topic}-test.travel.${type}`,
    schema,
  }
  return { events: { [type]: event } }
}

export const travel = contractsOf('BookingMade', bookingMade)

export function envelope(data: Envelope['data'] = booking): Envelope {
  return {
    id: '6f3c',
    type: 'BookingMade',
    source: 'travel',
    sagaId: 'b-1',
    time: Date.UTC(2026, 10, 1, 12),
    causationId: '5e2b',
    trace: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'chorus=1' },
    data,
  }
}

/** The record that a broker makes of a message. */
export function stored(message: OutgoingMessage): BrokerRecord {
  return { ...message, partition: 0, offset: 0n, timestamp: 0 }
}
