import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { journalsInFolder } from './journals.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-journals-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function file(path: string, ...rows: readonly object[]): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}

const row = (sagaId: string, seq: number) => ({ _id: `${sagaId}:${seq}`, sagaId, seq })

test('a saga is put together from the files of its participants, whatever their folders', async () => {
  file('order.jsonl', row('s-1', 1), row('s-2', 1), row('s-1', 2))
  file('payment/journals/v1.jsonl', row('s-1', 1))
  file('payment/journals/v1.transitions.txt')
  const sagas = await journalsInFolder(folder, ['order', 'payment'])
  expect(sagas.map((saga) => Object.fromEntries(saga))).toEqual([
    { order: [row('s-1', 1), row('s-1', 2)], payment: [row('s-1', 1)] },
    { order: [row('s-2', 1)] },
  ])
})

test('a file of nobody knows whom is a problem that says what to do', async () => {
  file('kitchen/v1.jsonl', row('s-1', 1))
  await expect(journalsInFolder(folder, ['order', 'payment'])).rejects.toMatchObject({
    why: expect.stringContaining('order, payment'),
    fix: 'rename it, e.g. to order.jsonl',
  })
})

test('a folder that has no journals at all is a problem too', async () => {
  await expect(journalsInFolder(folder, ['order'])).rejects.toMatchObject({
    message: `There are no journals in ${folder}.`,
  })
})
