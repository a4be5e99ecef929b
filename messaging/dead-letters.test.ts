import { expect, test } from '@jest/globals'
import { deadLetter } from './dead-letters.ts'

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
