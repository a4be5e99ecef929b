import { expect, test } from '@jest/globals'
import type { Contracts } from '#messaging'
import { businessIds } from './business-ids.ts'

const field = (name: string, type: unknown, more: object = {}) => ({ name, type, doc: '', ...more })
const record = (name: string, fields: object[]) => ({ type: 'record', name, doc: '', fields })
const line = record('Line', [field('roomId', 'string'), field('guestId', 'string', { personal: true })])
const schema = record('RoomBooked', [
  field('bookingId', 'string'),
  field('cardId', 'string', { personal: true }),
  field('note', 'string'),
  field('lines', { type: 'array', items: line }),
])
const contract = { type: 'RoomBooked', topic: 't', owner: 'hotel', subject: 's', schema }
const idsOf = businessIds({ events: { RoomBooked: contract } } as unknown as Contracts)

test('the fields whose name ends in Id are what a person looks for, however deep, but none that is personal', () => {
  const lines = [
    { roomId: 'r-1', guestId: 'g-1' },
    { roomId: 'r-2', guestId: 'g-2' },
  ]
  const data = { bookingId: 'b-1', cardId: 'c-1', note: 'Id', lines }
  expect(idsOf('RoomBooked', data)).toEqual(['b-1', 'r-1', 'r-2'])
})

test('of an event without a contract nobody knows what is personal', () => {
  expect(idsOf('RoomCleaned', { roomId: 'r-1' })).toEqual([])
  expect(idsOf('RoomBooked', null)).toEqual([])
})
