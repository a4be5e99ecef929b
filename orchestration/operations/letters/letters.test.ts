import { expect, test } from '@jest/globals'
import { type BrokerRecord, deadLetter, failureOf, letterId, resolution } from '#messaging'
import { letterFold } from './letters.ts'

const place = { topic: 'desk.events', partition: 3, offset: 7n }
const record = { ...place, key: 'b-1', value: Buffer.from('?'), headers: { ce_type: 'Booked', own: 'kept' } }
const id = letterId('desk', place)

/** The same record given up again, as a row that holds or as none. */
function failure(at: number, row?: string): BrokerRecord {
  const why = { group: 'desk', code: 'X', reason: `at ${at}`, at, ...(row && { row }) }
  return lying(deadLetter(record, why))
}

function resolved(letter: BrokerRecord, became: 'redriven' | 'discarded' = 'redriven'): BrokerRecord {
  const audit = { became, by: 'ada', reason: 'mended', at: 9 }
  return lying(resolution('desk', 'b-1', { letter: id, failure: failureOf(letter.headers), ...audit }))
}

const lying = (message: Pick<BrokerRecord, 'topic' | 'key' | 'value' | 'headers'>): BrokerRecord => ({
  ...message,
  partition: 0,
  offset: 0n,
  timestamp: 0,
})

function fold(...records: readonly BrokerRecord[]) {
  const { take, letters } = letterFold()
  for (const one of records) take(one)
  return letters()
}

test('a letter without resolution is open; one that was written twice shows once', () => {
  const { letters } = fold(failure(1, 'b-1:2'), failure(1, 'b-1:2'))
  expect(letters).toMatchObject([
    {
      id,
      group: 'desk',
      saga: 'b-1',
      type: 'Booked',
      row: 'b-1:2',
      written: 2,
      bytes: 1,
      resolved: undefined,
    },
  ])
})

test('a resolution closes it, also when it is written once more after that', () => {
  const letter = failure(1, 'b-1:2')
  const { letters } = fold(letter, resolved(letter), failure(1, 'b-1:2'))
  expect(letters).toMatchObject([
    { written: 2, resolved: { became: 'redriven', by: 'ada', reason: 'mended' } },
  ])
})

test.each([
  ['holds the saga by a new row', failure(1, 'b-1:2'), failure(5, 'b-1:4')],
  ['is given up again', failure(1), failure(5)],
])('a redriven letter that fails again and %s is open again', (_, first, second) => {
  const { letters } = fold(first, resolved(first), second)
  expect(letters).toMatchObject([{ reason: 'at 5', written: 2, resolved: undefined }])
  expect(letters[0]?.resolutions).toHaveLength(1)
})

test('a resolution that comes only after the next failure does not hide it', () => {
  const [first, second] = [failure(1, 'b-1:2'), failure(5, 'b-1:4')]
  expect(fold(first, second, resolved(first)).letters).toMatchObject([{ row: 'b-1:4', resolved: undefined }])
  expect(fold(first, second, resolved(first), resolved(second, 'discarded')).letters).toMatchObject([
    { resolved: { became: 'discarded' } },
  ])
})

test('a letter of before letters had ids is known by its place', () => {
  const { dlt_id, ...headers } = failure(1).headers
  expect(fold({ ...failure(1), headers }).letters).toMatchObject([{ id: dlt_id }])
})

test('records that are no letters are counted and left out', () => {
  const odd = {
    ...failure(1),
    headers: { dlt_group: 'desk', dlt_topic: 'x', dlt_partition: '0', dlt_offset: 'first' },
  }
  expect(fold({ ...failure(1), headers: {} }, odd)).toEqual({ letters: [], strangers: 2 })
})

test('values are kept only where they are asked for', () => {
  const { take, letters } = letterFold(({ row }) => row !== undefined)
  take(failure(1, 'b-1:2'))
  expect(letters().letters[0]?.record.value).toEqual(Buffer.from('?'))
  take(failure(5))
  expect(letters().letters[0]?.record.value).toBeNull()
})
