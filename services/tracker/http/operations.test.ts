import { expect, test } from '@jest/globals'
import { createLogger } from '#observability'
import { operationLog } from './operations.ts'

const silent = createLogger({ service: 'test', level: 'silent' })
const asked = { action: 'redrive', by: 'ada', reason: 'mended', items: ['a', 'b'] }

function log() {
  const told: string[] = []
  const operations = operationLog({ log: silent, now: () => 0, onProgress: (id) => told.push(id) })
  return { operations, told }
}

test('an operation that breaks off says why for each item that was left, and is over', async () => {
  const { operations, told } = log()
  const { id } = operations.begin(asked, async (settle) => {
    settle({ id: 'a', outcome: 'redriven', ok: true })
    throw new Error('The broker is away.')
  })
  expect(operations.get(id)).toMatchObject({ state: 'running', total: 2, done: 1 })
  await new Promise(setImmediate)
  expect(operations.get(id)).toMatchObject({
    ...{ state: 'done', done: 1, failed: 1 },
    items: [{ id: 'a' }, { id: 'b', outcome: expect.stringContaining('The broker is away.'), ok: false }],
  })
  // Begun, two items, ended.
  expect(told).toEqual([id, id, id, id])
})

test('the newest 200 are remembered, and whatever still runs', async () => {
  const { operations } = log()
  const running = operations.begin(asked, () => new Promise(() => {}))
  for (let i = 0; i < 300; i++) {
    operations.begin({ ...asked, reason: `${i}` }, async () => {})
    await new Promise(setImmediate)
  }
  expect(operations.list()).toHaveLength(200)
  expect(operations.list()[0]).toMatchObject({ reason: '299' })
  expect(operations.get(running.id)).toMatchObject({ state: 'running' })
})
