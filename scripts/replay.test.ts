import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-replay-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function replay(...options: readonly string[]) {
  return spawnSync(process.execPath, ['scripts/replay.ts', ...options], { cwd: root, encoding: 'utf8' })
}

test('journals that come out as they were recorded end with exit code 0', () => {
  const { status, stdout, stderr } = replay('--from', 'services')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^\d+ sagas with \d+ rows from services, in .* rows\/s\.\n/)
  expect(stdout).toMatch(/No divergence: each of these rows comes out as it was recorded\.\n$/)
})

test('a divergence names saga, row, expected and found, and ends with exit code 1', () => {
  const journal = join(folder, 'payment.jsonl')
  cpSync(join(root, 'services/payment/journals/v2.jsonl'), journal)
  const forged = readFileSync(journal, 'utf8').replace('"value":"settled"', '"value":"lost"')
  writeFileSync(journal, forged)
  const { status, stdout } = replay('--from', folder, '--json')
  expect(status).toBe(1)
  expect(JSON.parse(stdout).divergences).toMatchObject([
    {
      sagas: 1,
      participant: 'payment',
      sagaId: 'v2-delivered',
      seq: 3,
      on: 'OrderDelivered',
      path: 'state.value',
      expected: 'lost',
      found: 'settled',
    },
  ])
})
