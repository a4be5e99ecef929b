import { expect, test } from '@jest/globals'
import { durability } from './durability.ts'
import { silent } from './faults.fixtures.ts'
import { aRow } from './journal.fixtures.ts'
import { manualClock, turn } from './manual-clock.fixtures.ts'
import { memoryStore } from './memory-store.ts'
import { fold } from './step/head.ts'

test('rows that came together are followed after as long as their insert took, a row alone at once', async () => {
  const clock = manualClock()
  const inserts: { rows: number; at: number }[] = []
  const began = clock.now()
  const store = memoryStore()
  const { append } = durability({
    store: {
      ...store,
      insertRows(rows) {
        inserts.push({ rows: rows.length, at: clock.now() - began })
        clock.advance(10)
        return store.insertRows(rows)
      },
    },
    producer: { send: async () => {}, close: async () => {} },
    headsMayWait: () => true,
    messagesOf: () => [],
    onCovered: () => {},
    clock,
    log: silent,
  })
  function places(...sagas: string[]): void {
    for (const sagaId of sagas) {
      const row = aRow(sagaId, 1)
      void append(row, fold(null, row), [])
    }
  }
  places('alone')
  await turn()
  places('a', 'b')
  await turn()
  places('c')
  await turn()
  clock.advance(9)
  await turn()
  expect(inserts).toEqual([
    { rows: 1, at: 0 },
    { rows: 2, at: 10 },
  ])
  clock.advance(1)
  await turn()
  expect(inserts[2]).toEqual({ rows: 1, at: 30 })
})
