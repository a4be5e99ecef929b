import { expect, test } from '@jest/globals'
import { deadLetter, failureOf, letterId, letterRecord, resolution } from './dead-letters.ts'

const reason = { group: 'desk', code: 'CHORUS_TOO_LARGE', reason: 'it is too large', at: 0 }
const record = { topic: 'desk.commands', partition: 3, offset: 7n, key: 'b-1', headers: { ce_id: 'e-1' } }

test('a dead letter keeps bytes, key and headers, and says why and where the record lay', () => {
  const value = Buffer.from([1, 2, 3])
  expect(deadLetter({ ...record, value }, reason)).toEqual({
    topic: 'desk.dlt',
    key: 'b-1',
    value,
    headers: {
      ce_id: 'e-1',
      dlt_id: letterId('desk', record),
      dlt_bytes: '3',
      dlt_group: 'desk',
      dlt_code: 'CHORUS_TOO_LARGE',
      dlt_reason: 'it is too large',
      dlt_topic: 'desk.commands',
      dlt_partition: '3',
      dlt_offset: '7',
      dlt_time: '1970-01-01T00:00:00.000Z',
    },
  })
})

test('of a record that would not fit the dead letters beside their headers only the place and the size are told', () => {
  const { value, headers } = deadLetter({ ...record, value: Buffer.alloc(8 * 1024 * 1024) }, reason)
  expect(value).toBeNull()
  expect(headers).toMatchObject({
    dlt_bytes: String(8 * 1024 * 1024),
    dlt_topic: 'desk.commands',
    dlt_offset: '7',
  })
})

test('a letter has the same id however often it is written, and another one for another group', () => {
  const value = Buffer.from([1])
  const { dlt_id } = deadLetter({ ...record, value }, reason).headers
  expect(deadLetter({ ...record, value }, { ...reason, at: 9, row: 'b-1:7' }).headers.dlt_id).toBe(dlt_id)
  expect(deadLetter({ ...record, value }, { ...reason, group: 'guest' }).headers.dlt_id).not.toBe(dlt_id)
})

test('of a letter the record that it tells of can be made again', () => {
  const value = Buffer.from([1])
  const letter = deadLetter({ ...record, value }, { ...reason, row: 'b-1:7' })
  const stored = { ...letter, partition: 0, offset: 99n, timestamp: 5 }
  expect(letterRecord(stored)).toEqual({ ...record, value, timestamp: 5 })
})

test('what became of a letter names it and the failure that it told of', () => {
  const { headers } = deadLetter({ ...record, value: null }, { ...reason, row: 'b-1:7' })
  const failure = failureOf(headers)
  const letter = headers.dlt_id ?? ''
  const told = resolution('desk', 'b-1', {
    letter,
    failure,
    became: 'discarded',
    by: 'ada',
    reason: 'old',
    at: 0,
  })
  expect(told).toMatchObject({
    topic: 'desk.dlt',
    key: 'b-1',
    value: null,
    headers: {
      dlt_id: letter,
      dlt_resolution: 'discarded',
      dlt_failure: failure,
      dlt_by: 'ada',
      dlt_reason: 'old',
    },
  })
})
