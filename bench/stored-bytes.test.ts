import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { perOrder, storedBytes } from './stored-bytes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-stored-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, bytes: number): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), Buffer.alloc(bytes))
}

test('a topic has the segments of all its partitions; indexes and the broker’s own topics are nobody’s', () => {
  write('kafka/log/order.events-0/00000000000000000000.log', 100)
  write('kafka/log/order.events-11/00000000000000000000.log', 20)
  write('kafka/log/order.events-11/00000000000000000000.index', 10_000)
  write('kafka/log/__consumer_offsets-3/00000000000000000000.log', 5_000)
  write('kafka/log/meta.properties', 50)
  write('store/data/a.wt', 300)
  write('store/data/log/b.log', 30)
  expect(storedBytes(folder)).toEqual({ topics: { 'order.events': 120 }, store: 330 })
})

test('an order has what was added, divided by the orders', () => {
  const before = { topics: { steps: 100 }, store: 1_000 }
  const after = { topics: { steps: 400, events: 50 }, store: 3_000 }
  expect(perOrder(before, after, 10)).toEqual({ topics: { steps: 30, events: 5 }, store: 200 })
})
