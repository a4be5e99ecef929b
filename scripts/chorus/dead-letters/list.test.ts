import { beforeEach, describe, expect, test } from '@jest/globals'
import { letterId } from '#messaging'
import { order, type Stage, stage } from '../stage.fixtures.ts'

let on: Stage
beforeEach(async () => {
  on = await stage()
})

const hour = 3_600_000
const dlt = 'dead-letters'

describe('dead-letters list', () => {
  test('gives a program one JSON object per open letter of every group, the newest last', async () => {
    const late = await on.giveUp('payment', 'o-2', { offset: 2n, at: 5 * hour, row: 'o-2:3' })
    const early = await on.giveUp('order', 'o-1', { offset: 1n, at: hour })
    const { code, values, err } = await on.type([dlt, 'list'])
    expect(code).toBe(0)
    expect(values).toMatchObject([
      { letter: early, group: 'order', state: 'open', saga: 'o-1', type: 'OrderPlaced', row: null },
      { letter: late, group: 'payment', row: 'o-2:3', at: '1970-01-01T05:00:00.000Z', offset: '2' },
    ])
    expect(err).toMatch(/^2 open\nNext: .*dead-letters show/)
  })

  test('gives a person a table in which nothing can play with the terminal', async () => {
    await on.giveUp('order', 'o-1\u001b[2Jx', { at: hour })
    const { out } = await on.type([dlt, 'list'], { answer: '' })
    expect(out[0]).toMatch(/^letter +since +group +type +code +saga +holds +times +reason$/)
    expect(out[1]).toContain('o-1\\u001b[2Jx')
    expect(out[1]).toContain('1970-01-01 01:00:00Z')
  })

  test('filters by group, code, type, saga and time', async () => {
    const a = await on.giveUp('order', 'o-1', { offset: 1n, code: 'A', at: hour })
    const b = await on.giveUp('payment', 'o-2', { offset: 2n, code: 'B', at: 3 * hour })
    const listed = async (...filter: string[]) =>
      (await on.type([dlt, 'list', ...filter])).values.map(({ letter }) => letter)
    expect(await listed('--group', 'order')).toEqual([a])
    expect(await listed('--code', 'B')).toEqual([b])
    expect(await listed('--saga', 'o-2')).toEqual([b])
    expect(await listed('--type', 'OrderPlaced')).toEqual([a, b])
    expect(await listed('--type', 'OrderPaid')).toEqual([])
    expect(await listed('--since', '1970-01-01T02:00Z')).toEqual([b])
    expect(await listed('--since', '2h')).toEqual([])
  })

  test('says so when none is open', async () => {
    expect(await on.type([dlt, 'list'])).toMatchObject({ code: 0, out: [], err: '0 open' })
  })
})

test('dead-letters group counts by group, code and type, with an example', async () => {
  for (const offset of [1n, 2n]) await on.giveUp('order', 'o-1', { offset, at: Number(offset) * hour })
  await on.giveUp('order', 'o-1', { offset: 3n, code: 'OTHER', at: 4 * hour })
  const { values } = await on.type([dlt, 'group'])
  expect(values).toMatchObject([
    {
      count: 2,
      group: 'order',
      code: 'CHORUS_MACHINE_THREW',
      type: 'OrderPlaced',
      first: '1970-01-01T01:00:00.000Z',
      last: '1970-01-01T02:00:00.000Z',
      example: letterId('order', { topic: 'order.events', partition: 0, offset: 2n }),
    },
    { count: 1, code: 'OTHER' },
  ])
})

describe('dead-letters show', () => {
  test('tells everything, with personal data masked', async () => {
    const letter = await on.giveUp('payment', 'o-1', { row: 'o-1:1' })
    await on.begin('payment', 'o-1', [
      { held: { row: 'o-1:1', seq: 1, id: 'e-0', code: 'X', reason: 'why', at: 1 } },
    ])
    const { code, values } = await on.type([dlt, 'show', letter.slice(0, 6)])
    expect(code).toBe(0)
    expect(values).toMatchObject([
      {
        letter,
        headers: { ce_type: 'OrderPlaced', traceparent: expect.any(String) },
        hold: { row: 'o-1:1', reason: 'why' },
        payload: { data: { orderId: 'o-1', amount: 1450, customerId: '•••', paymentToken: '•••' } },
        resolutions: [],
      },
    ])
    const text = JSON.stringify(values)
    for (const secret of ['c-1', 'tok_ok', 'Ada', 'Main Street', 'Berlin', '10115'])
      expect(text).not.toContain(secret)
  })

  test('shows personal data to whoever asks for it', async () => {
    const letter = await on.giveUp('payment', 'o-1')
    const { values } = await on.type([dlt, 'show', letter, '--personal'])
    expect(values).toMatchObject([{ payload: { data: { ...order, orderId: 'o-1' } } }])
  })

  test('shows the first bytes of what cannot be read, and why it cannot', async () => {
    const letter = await on.giveUp('payment', 'o-1', {}, Buffer.from([9, 8, 7]))
    expect((await on.type([dlt, 'show', letter])).values).toMatchObject([
      { payload: { bytes: 3, head: '090807', why: expect.stringMatching(/./) } },
    ])
    const { out } = await on.type([dlt, 'show', letter], { answer: '' })
    expect(out).toEqual(expect.arrayContaining([`letter    ${letter}`, '  090807', 'holds     nothing']))
  })

  test('refuses an id that fits none, and one that fits several', async () => {
    await on.giveUp('payment', 'o-1', { offset: 1n })
    await on.giveUp('payment', 'o-1', { offset: 2n })
    expect(await on.type([dlt, 'show', 'zzz'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('zzz'),
    })
    expect(await on.type([dlt, 'show', ''])).toMatchObject({
      code: 2,
      err: expect.stringContaining('any of 2'),
    })
  })
})
