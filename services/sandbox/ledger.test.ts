import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type Entry, openLedger } from './ledger.ts'
import { aCapture, anEntry, serveSandbox } from './sandbox.fixtures.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-ledger-'))
  file = join(folder, 'made/when/missing/ledger.jsonl')
})
afterEach(() => rm(folder, { recursive: true }))

test('what was answered is answered again after a restart, and not charged again', async () => {
  const body = aCapture()
  const before = await serveSandbox({ file })
  const first = await before.post('/payments/captures', body, { key: 'k' })
  await before.close()
  const after = await serveSandbox({ file })
  try {
    expect(await after.post('/payments/captures', body, { key: 'k' })).toEqual(first)
    expect(await after.balance(body.orderId)).toMatchObject({ captured: 2_150 })
  } finally {
    await after.close()
  }
})

test('a recorded entry is in the file when recording resolves, many at once in their order', async () => {
  const ledger = await openLedger(file)
  const entries = Array.from({ length: 500 }, (_, i) => anEntry(`order ${i % 7}`))
  await Promise.all(entries.map((entry) => ledger.record(entry)))
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(entries)
  expect([...ledger.entries()]).toEqual(entries)
  expect(ledger.entriesOf('order 3')).toEqual(entries.filter(({ orderId }) => orderId === 'order 3'))
  await ledger.close()
})

test('a last line that a crash tore is cut off, and the next entry starts on a line of its own', async () => {
  const [kept, torn, next] = [anEntry('a'), anEntry('b'), anEntry('c')]
  await (await recorded(kept)).close()
  await appendFile(file, JSON.stringify(torn).slice(0, -5))
  const ledger = await recorded(next)
  expect([...ledger.entries()]).toEqual([kept, next])
  await ledger.close()
  const reopened = await openLedger(file)
  expect([...reopened.entries()]).toEqual([kept, next])
  await reopened.close()
})

test('a ledger larger than one read comes back whole, torn lines and wide letters included', async () => {
  const entries = Array.from({ length: 2_000 }, (_, i) => anEntry(`Bestellung für ${i} €`))
  await (await openLedger(file)).close()
  await writeFile(file, `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n{"kind`)
  const ledger = await openLedger(file)
  expect([...ledger.entries()]).toEqual(entries)
  await ledger.close()
})

test('a broken line in the middle is no crash: the ledger does not open and names the line', async () => {
  await (await recorded(anEntry('a'))).close()
  await appendFile(file, 'not JSON\n')
  await expect(openLedger(file)).rejects.toThrow(/line 2 of the ledger .* cannot be read/)
})

test('after a failed write nothing more is recorded', async () => {
  const ledger = await openLedger(file)
  await ledger.close()
  expect(ledger.isWritable()).toBe(true)
  await expect(ledger.record(anEntry('a'))).rejects.toMatchObject({ code: 'ledger-broken' })
  expect(ledger.isWritable()).toBe(false)
  expect([...ledger.entries()]).toEqual([])
})

async function recorded(entry: Entry) {
  const ledger = await openLedger(file)
  await ledger.record(entry)
  return ledger
}
