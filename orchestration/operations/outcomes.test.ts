import { expect, test } from '@jest/globals'
import { systemClock } from '../clock.ts'
import { memoryInfrastructure } from '../host/infrastructure.ts'
import { active, aRow } from '../journal.fixtures.ts'
import type { JournalRow } from '../journal.ts'
import { outcomeOf, whenTaken } from './outcomes.ts'

const command = { kind: 'command', id: 'c-1', command: 'redrive', by: 'ada', reason: 'mended' } as const
const row = (fields: Partial<JournalRow>): JournalRow => ({ ...aRow('o-1', 9, active('paying')), ...fields })

test('the row of a command is found among those of a saga that goes on meanwhile', async () => {
  const infrastructure = await memoryInfrastructure({ events: {} }, [])
  const causes = [...Array(11).fill({}), { cause: command }, {}]
  const store = await infrastructure.store('desk')
  await store.insertRows(causes.map((cause, i) => ({ ...aRow('o-1', i + 1), ...cause })))
  const context = { infrastructure, contracts: { events: {} }, participants: ['desk'], clock: systemClock }
  const asked = { participant: 'desk', sagaId: 'o-1', id: 'c-1', after: 3 }
  const found: number[] = []
  const missing = await whenTaken(context, [asked], async (taken) => {
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
  expect(outcomeOf(row({ cause: command, held }))).toMatchObject({ result: 'held', verdict: 'failed' })
  expect(outcomeOf(row({ cause: { ...command, command: 'pause' }, held }))).toMatchObject({
    result: 'applied',
  })
})
