import { expect, test } from '@jest/globals'
import { type JournalRow, systemClock } from '#orchestration'
import { active, aRow } from '../../orchestration/journal.fixtures.ts'
import { outcomeOf, whenTaken } from './outcomes.ts'
import { stage } from './stage.fixtures.ts'

const command = { kind: 'command', id: 'c-1', command: 'redrive', by: 'ada', reason: 'mended' } as const
const row = (fields: Partial<JournalRow>): JournalRow => ({ ...aRow('o-1', 9, active('paying')), ...fields })

test('the row of a command is found among those of a saga that goes on meanwhile', async () => {
  const on = await stage()
  await on.begin('order', 'o-1', [...Array(11).fill({}), { cause: command }, {}])
  const world = {
    infrastructure: on.infrastructure,
    contracts: { events: {} },
    participants: ['order'],
    clock: systemClock,
  }
  const asked = { participant: 'order', sagaId: 'o-1', id: 'c-1', after: 3 }
  const found: number[] = []
  const missing = await whenTaken(world, [asked], async (taken) => {
    for (const [, { seq }] of taken) found.push(seq)
  })
  expect({ found, missing }).toEqual({ found: [12], missing: [] })
})

test.each([
  ['applied', row({ cause: command }), 'applied, now paying'],
  ['deferred', row({ outcome: 'deferred' }), 'kept for a later state, now paying'],
  ['ignored', row({ outcome: 'ignored', cause: { ...command, error: 'it is gone' } }), 'ignored: it is gone'],
  ['ignored', row({ outcome: 'ignored' }), 'ignored: nothing comes of it, now paying'],
])('a row that is %s says so', (result, taken, text) => {
  expect(outcomeOf(taken)).toMatchObject({ result, text })
})

test('a redrive whose row holds the saga has failed again, a pause whose row holds it has not', () => {
  const held = { row: 'o-1:9', seq: 9, id: 'e-1', code: 'X', reason: 'still broken', at: 1 }
  expect(outcomeOf(row({ cause: command, held }))).toMatchObject({ result: 'held', mark: 'failed' })
  expect(outcomeOf(row({ cause: { ...command, command: 'pause' }, held }))).toMatchObject({
    result: 'applied',
  })
})
