import { beforeEach, describe, expect, test } from '@jest/globals'
import type { JournalRow } from '#orchestration'
import { manualClock, turn } from '../../../orchestration/manual-clock.fixtures.ts'
import { type Stage, stage } from '../stage.fixtures.ts'

let on: Stage
beforeEach(async () => {
  on = await stage()
})

const dlt = 'dead-letters'
const why = ['--reason', 'the code is mended']
const open = async () => (await on.type([dlt, 'list'])).values.map(({ letter }) => letter)
const resolutions = async (group: string) =>
  (await on.records(`${group}.dlt`))
    .filter(({ headers }) => headers.dlt_resolution)
    .map(({ headers }) => headers)
const ignored = (
  record: { headers: Readonly<Record<string, string>> },
  error: string,
): Partial<JournalRow> => ({
  outcome: 'ignored',
  cause: {
    kind: 'command',
    id: record.headers.control_id ?? '',
    command: 'redrive',
    by: '',
    reason: '',
    error,
  },
})

/** A letter of payment about order o-1 whose row holds it. */
async function held(): Promise<string> {
  await on.begin('payment', 'o-1', [
    { held: { row: 'o-1:1', seq: 1, id: 'e-0', code: 'X', reason: '', at: 1 } },
  ])
  return on.giveUp('payment', 'o-1', { row: 'o-1:1' })
}

describe('dead-letters redrive', () => {
  test('gives the letter back with its key, bytes, headers and trace, says what came of it and records who did it', async () => {
    const letter = await held()
    await on.take('payment', () => ({ released: ['o-1:1'] }))
    const { code, values, err } = await on.type([dlt, 'redrive', letter, ...why, '--by', 'grace'])
    expect({ code, err }).toEqual({ code: 0, err: '1 redriven' })
    expect(values).toMatchObject([
      { letter, saga: 'o-1', result: 'redriven', detail: 'redriven, applied, now paying' },
    ])

    const [given] = await on.records('payment.dlt')
    const [command, ...more] = await on.records('payment.control')
    expect(more).toEqual([])
    expect(command).toMatchObject({
      key: 'o-1',
      value: given?.value,
      headers: { ...given?.headers, control_command: 'redrive', control_row: 'o-1:1', control_by: 'grace' },
    })
    expect(await resolutions('payment')).toMatchObject([
      { dlt_id: letter, dlt_resolution: 'redriven', dlt_by: 'grace', dlt_reason: 'the code is mended' },
    ])
    expect(await open()).toEqual([])
  })

  test('done twice is done once', async () => {
    const letter = await held()
    await on.take('payment')
    await on.type([dlt, 'redrive', letter, ...why])
    const again = await on.type([dlt, 'redrive', letter, ...why])
    expect(again).toMatchObject({ code: 0, values: [{ result: 'redriven' }] })
    expect(again.values[0]?.detail).toMatch(/^redriven already, at .* by ada: the code is mended$/)
    expect(await on.records('payment.control')).toHaveLength(1)
    expect(await resolutions('payment')).toHaveLength(1)
    expect(await on.type([dlt, 'redrive', letter, '--dry-run'])).toMatchObject({
      code: 0,
      values: [{ result: 'done already' }],
    })
  })

  test('that broke off behind the command is finished by the next one, without a second command', async () => {
    const letter = await held()
    await on.take('payment')
    const sent = await on.type([dlt, 'redrive', letter, ...why, '--no-wait'])
    expect(sent).toMatchObject({ code: 0, values: [{ result: 'sent' }] })
    expect(await open()).toEqual([letter])
    const rows = async () => (await (await on.infrastructure.store('payment')).history('o-1')).length
    for (let i = 0; i < 1_000 && (await rows()) < 2; i++) await turn()
    expect(await on.type([dlt, 'redrive', letter, ...why])).toMatchObject({
      values: [{ result: 'redriven' }],
    })
    expect(await on.records('payment.control')).toHaveLength(1)
    expect(await open()).toEqual([])
  })

  test('of a letter that failed again is a new command, and it stays open when it is held again', async () => {
    const letter = await held()
    const hold = { row: 'o-1:2', seq: 2, id: 'e-0', code: 'X', reason: 'still broken', at: 2 }
    await on.take('payment', () => ({ released: ['o-1:1'], held: hold }))
    const first = await on.type([dlt, 'redrive', letter, ...why])
    expect(first).toMatchObject({ code: 1, values: [{ result: 'held again', ok: false }] })
    expect(first.values[0]?.detail).toContain('still broken')
    await on.giveUp('payment', 'o-1', { row: 'o-1:2' })
    expect(await open()).toEqual([letter])
    await on.type([dlt, 'redrive', letter, ...why])
    const ids = (await on.records('payment.control')).map(({ headers }) => headers.control_id)
    expect(new Set(ids).size).toBe(2)
  })

  test('that comes to nothing leaves the letter open, and the next one is tried anew', async () => {
    const letter = await held()
    let mended = false
    await on.take('payment', (record) => (mended ? {} : ignored(record, 'it can still not be read')))
    const first = await on.type([dlt, 'redrive', letter, ...why])
    expect(first).toMatchObject({ code: 1, values: [{ result: 'ignored' }] })
    expect(first.values[0]?.detail).toContain('it can still not be read')
    expect(await resolutions('payment')).toEqual([])
    mended = true
    expect(await on.type([dlt, 'redrive', letter, ...why])).toMatchObject({
      code: 0,
      values: [{ result: 'redriven' }],
    })
  })

  test('refuses a record without key, and says why', async () => {
    const letter = await on.giveUp('payment', '')
    const { code, values } = await on.type([dlt, 'redrive', letter, ...why])
    expect({ code, values }).toMatchObject({ code: 1, values: [{ result: 'refused' }] })
    expect(values[0]?.detail).toMatch(/had no key/)
    expect(await on.records('payment.control')).toEqual([])
  })

  test('gets a value that was too large for its letter from where it came', async () => {
    const producer = await on.infrastructure.broker.producer()
    const value = Buffer.alloc(5 * 1024 * 1024, 7)
    await producer.send([{ topic: 'order.events', key: 'o-1', value, headers: {} }])
    const [original] = await on.records('order.events')
    const { offset = 0n, partition = 0 } = original ?? {}
    await on.begin('payment', 'o-1')
    await on.take('payment')
    const lost = await on.giveUp('payment', 'o-1', { offset: 99n }, value)
    const letter = await on.giveUp('payment', 'o-1', { offset, partition }, value)
    const { values } = await on.type([dlt, 'redrive', letter, lost, ...why])
    expect(Object.fromEntries(values.map(({ letter, result }) => [letter, result]))).toEqual({
      [letter]: 'redriven',
      [lost]: 'refused',
    })
    const [command] = await on.records('payment.control')
    expect(command?.value?.equals(value)).toBe(true)
  })

  test('of a participant that is away says so within its limit, and the letter stays open', async () => {
    const letter = await held()
    const clock = manualClock()
    let given: Awaited<ReturnType<Stage['type']>> | undefined
    void on.type([dlt, 'redrive', letter, ...why], undefined, { clock }).then((result) => {
      given = result
    })
    for (let i = 0; i < 10_000 && !given; i++) {
      clock.advance(50)
      await turn()
    }
    expect(given).toMatchObject({ code: 1, values: [{ result: 'not taken' }] })
    expect(await open()).toEqual([letter])
  })
})

describe('dead-letters discard', () => {
  test('has the participant release the row, and records it', async () => {
    const letter = await held()
    await on.take('payment', () => ({ released: ['o-1:1'] }))
    expect(await on.type([dlt, 'discard', letter, ...why])).toMatchObject({
      code: 0,
      values: [{ result: 'discarded' }],
    })
    const [command] = await on.records('payment.control')
    expect(command).toMatchObject({
      value: null,
      headers: { control_command: 'discard', control_row: 'o-1:1' },
    })
    expect(await resolutions('payment')).toMatchObject([{ dlt_resolution: 'discarded', dlt_by: 'ada' }])
  })

  test('of a letter that holds nothing, key or not, needs nobody', async () => {
    await on.giveUp('order', '')
    await on.giveUp('payment', 'o-1')
    expect(await on.type([dlt, 'discard', '--all', ...why])).toMatchObject({ code: 0, err: '2 discarded' })
    expect(await open()).toEqual([])
    expect(await on.records('payment.control')).toEqual([])
  })

  test('is refused for a letter that was redriven', async () => {
    const letter = await held()
    await on.take('payment')
    await on.type([dlt, 'redrive', letter, ...why])
    expect(await on.type([dlt, 'discard', letter, ...why])).toMatchObject({
      code: 1,
      values: [{ result: 'refused' }],
    })
  })
})

describe('many letters', () => {
  test('are chosen by filter; a dry run changes nothing and needs no reason', async () => {
    await held()
    await on.giveUp('order', 'o-2', { code: 'OTHER' })
    const dry = await on.type([dlt, 'redrive', '--group', 'payment', '--dry-run'])
    expect(dry).toMatchObject({ code: 0, err: '1 would redrive' })
    expect(dry.values).toMatchObject([
      {
        result: 'would redrive',
        detail: 'would give OrderPlaced to payment again, for row o-1:1, which holds saga o-1',
      },
    ])
    expect(await on.records('payment.control')).toEqual([])
    expect(await open()).toHaveLength(2)
  })

  test('go in batches, one line each and a sum', async () => {
    for (let i = 0; i < 250; i++) await on.giveUp('order', `o-${i}`, { offset: BigInt(i) })
    const { code, values, err } = await on.type([dlt, 'discard', '--all', ...why])
    expect({ code, lines: values.length, err }).toEqual({ code: 0, lines: 250, err: '250 discarded' })
  })

  test('are asked about on a terminal, unless told not to', async () => {
    for (const offset of [1n, 2n]) await on.giveUp('order', 'o-1', { offset })
    const refused = await on.type([dlt, 'discard', '--all', ...why], { answer: 'n' })
    expect(refused).toMatchObject({ code: 1, out: [] })
    expect(refused.err).toContain('Discard 2 letters? [y/N]')
    expect(await open()).toHaveLength(2)
    const told = await on.type([dlt, 'discard', '--all', '--yes', ...why], { answer: 'n' })
    expect(told).toMatchObject({ code: 0, err: '2 discarded' })
  })
})
