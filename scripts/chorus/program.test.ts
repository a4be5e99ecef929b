import { beforeEach, describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import { Problem } from '../../infra/problem.ts'
import { type Stage, stage } from './stage.fixtures.ts'

let on: Stage
beforeEach(async () => {
  on = await stage()
})

describe('a command line that is wrong ends with 2 before anything is connected', () => {
  test.each([
    [[], 'Usage'],
    [['nonsense'], 'nonsense'],
    [['dead-letters', 'list', '--group', 'nobody'], 'order, payment, shipping'],
    [['dead-letters', 'list', '--since', 'yesterday'], '2h'],
    [['dead-letters', 'show'], 'letter'],
    [['dead-letters', 'redrive', '--reason', 'x'], 'Which letters?'],
    [['dead-letters', 'redrive', '--all'], '--reason'],
    [['dead-letters', 'redrive', '--all', '--reason', ' '], '--reason'],
    [['dead-letters', 'discard', 'abc', '--all', '--reason', 'x'], 'not both'],
    [['saga', 'pause', '--reason', 'x'], 'Which sagas?'],
    [['saga', 'pause', 'o-1', '--state', 'paying', '--reason', 'x'], 'not both'],
    [['saga', 'pause', '--older-than', '10', '--reason', 'x'], '10m'],
    [['saga', 'pause', '--state', 'paying', '--limit', '0', '--reason', 'x'], 'above 0'],
    [['saga', 'signal', 'o-1', 'RetryRefund'], '--reason'],
    [['saga', 'cancel', 'o-1'], '--reason'],
  ])('%j', async (line, says) => {
    const connect = () => Promise.reject(new Error('connected'))
    const { code, err } = await on.type(line, undefined, { connect })
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) })
  })
})

test('help is a result, and tells the exit codes', async () => {
  const { code, out } = await on.type(['--help'])
  expect(code).toBe(0)
  expect(out.join('\n')).toMatch(/dead-letters[\s\S]*saga[\s\S]*Exit code: 0/)
})

test.each([
  [
    'servers that are not there',
    new Problem('There are no servers.', { why: 'none runs', fix: 'npm start' }),
    'Fix: npm start',
  ],
  ['a broker that falls silent', new RetryableError('Kafka does not answer'), 'nothing is done twice'],
])('%s end with 1 and the way on, without a stack', async (_, error, says) => {
  const { code, err } = await on.type(['dead-letters', 'list'], undefined, {
    connect: () => Promise.reject(error),
  })
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(says) })
  expect(err).not.toContain('    at ')
})

test('text can be had where a program reads, and JSON where a person does', async () => {
  await on.giveUp('order', 'o-1')
  expect((await on.type(['dead-letters', 'list', '--plain'])).out[0]).toMatch(/^letter /)
  const { out } = await on.type(['dead-letters', 'list', '--json'], { answer: '' })
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ saga: 'o-1' })
})
