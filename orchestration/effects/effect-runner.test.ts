import { describe, expect, test } from '@jest/globals'
import { RetryableError, TerminalError } from '#messaging'
import { quiet, turn } from '../manual-clock.fixtures.ts'
import { runnerOf, waiting } from './effect-runner.fixtures.ts'
import type { EffectRunner } from './effect-runner.ts'

describe('an attempt', () => {
  test('gets its input, its key and its saga, and its value is the answer', async () => {
    const calls: unknown[] = []
    const { runner, results, asked } = runnerOf({
      async run({ signal, ...call }) {
        calls.push({ ...call, aborted: signal.aborted })
        return { room: 7 }
      },
    })
    runner.start('b-1', 0, asked())
    await turn()
    expect(calls).toEqual([
      { input: { bookingId: 'b-1' }, idempotencyKey: 'b-1:2/checkIn', sagaId: 'b-1', aborted: false },
    ])
    expect(results).toEqual([{ kind: 'answer', key: 'checkIn@2', status: 'done', value: { room: 7 } }])
  })

  test('is made once at a time, however often it is asked for', async () => {
    let runs = 0
    const { runner, asked } = runnerOf({
      run() {
        runs++
        return waiting()
      },
    })
    for (let i = 0; i < 3; i++) runner.start('b-1', 0, asked())
    runner.start('b-2', 0, asked())
    await turn()
    expect(runs).toBe(2)
  })

  test('that fails leads to another one, later and later', async () => {
    const { runner, clock, results, asked } = runnerOf({
      retry: { initial: 100, max: 1_000 },
      run: () => Promise.reject(new Error('busy')),
    })
    for (const failures of [0, 1, 2, 9])
      runner.start('b-1', 0, asked({ key: `checkIn@${failures}`, failures }))
    await turn()
    const pauses = results.map((result) =>
      result.kind === 'retry' ? result.notBefore - clock.now() : Number.NaN,
    )
    ;[100, 200, 400, 1_000].forEach((full, i) => {
      expect(pauses[i]).toBeGreaterThanOrEqual(full / 2)
      expect(pauses[i]).toBeLessThanOrEqual(full)
    })
    expect(results[0]).toMatchObject({ kind: 'retry', error: 'busy' })
  })

  test('that is told when to come again comes no earlier', async () => {
    const { runner, results, asked } = runnerOf({
      retry: { initial: 100 },
      run: ({ sagaId }) =>
        Promise.reject(new RetryableError('not now', { retryAfter: sagaId === 'b-1' ? 3_000 : 5 })),
    })
    runner.start('b-1', 0, asked())
    runner.start('b-2', 0, asked())
    await turn()
    expect(results).toMatchObject([{ notBefore: 3_000 }, { notBefore: 100 }])
  })

  test('that throws before it has begun is a failure like any other', async () => {
    const { runner, results, asked } = runnerOf({
      run() {
        throw new Error('at once')
      },
    })
    runner.start('b-1', 0, asked())
    await turn()
    expect(results).toMatchObject([{ kind: 'retry', error: 'at once' }])
  })

  test('that is refused for good is answered as an error', async () => {
    const { runner, results, asked } = runnerOf({
      run: () => Promise.reject(new TerminalError('no room', { code: 'FULL' })),
    })
    runner.start('b-1', 0, asked())
    await turn()
    expect(results).toEqual([
      { kind: 'answer', key: 'checkIn@2', status: 'error', value: { message: 'no room', code: 'FULL' } },
    ])
  })

  test('whose answer JSON cannot carry has failed', async () => {
    const { runner, results, asked } = runnerOf({ run: async () => ({ room: new Date(0) }) as never })
    runner.start('b-1', 0, asked())
    await turn()
    expect(results).toMatchObject([{ kind: 'retry', error: expect.stringContaining('room is a Date') }])
  })

  test('begins no earlier than it may', async () => {
    let runs = 0
    const { runner, clock, asked } = runnerOf({ run: async () => ({ room: ++runs }) })
    runner.start('b-1', 0, asked({ notBefore: 500 }))
    clock.advance(499)
    await turn()
    expect(runs).toBe(0)
    clock.advance(1)
    await turn()
    expect(runs).toBe(1)
  })
})

describe('an attempt that waits for its time', () => {
  test('is made earlier when a newer request says so', async () => {
    const keys: unknown[] = []
    const { runner, clock, results, asked } = runnerOf({
      async run() {
        keys.push(clock.now())
        return { room: 7 }
      },
    })
    runner.start('b-1', 0, asked({ notBefore: 9_000, failures: 5 }))
    clock.advance(100)
    runner.start('b-1', 0, asked({ notBefore: 100, failures: 5 }))
    clock.advance(20_000)
    await turn()
    expect(keys).toEqual([100])
    expect(results).toHaveLength(1)
  })

  test('is beyond recall once it has begun', async () => {
    let runs = 0
    const { runner, asked } = runnerOf({
      run() {
        runs++
        return waiting()
      },
    })
    runner.start('b-1', 0, asked())
    runner.start('b-1', 0, asked({ notBefore: -1 }))
    await turn()
    expect(runs).toBe(1)
  })
})

describe('the deadline', () => {
  const deadline = 1_000

  test('aborts the attempt and is the answer, even when the work does not listen', async () => {
    let signal: AbortSignal | undefined
    const { runner, clock, results, asked } = runnerOf({
      deadline,
      run(call) {
        signal = call.signal
        return waiting()
      },
    })
    runner.start('b-1', 0, asked({ deadlineAt: deadline }))
    clock.advance(deadline)
    await turn()
    expect(signal?.aborted).toBe(true)
    expect(results).toMatchObject([{ kind: 'answer', status: 'error', value: { code: 'CHORUS_DEADLINE' } }])
  })

  test('counts from the first start: no attempt is planned beyond it, and the last failure is told', async () => {
    const { runner, results, asked } = runnerOf({ deadline, run: () => Promise.reject(new Error('busy')) })
    runner.start('b-1', 0, asked({ startedAt: -990, deadlineAt: 10, failures: 3 }))
    await turn()
    const message = 'the deadline has passed; last failure: busy'
    expect(results).toMatchObject([
      { kind: 'answer', status: 'error', value: { code: 'CHORUS_DEADLINE', message } },
    ])
  })

  test('that has passed already lets nothing be called', async () => {
    let runs = 0
    const { runner, results, asked } = runnerOf({ deadline, run: async () => ({ room: ++runs }) })
    runner.start('b-1', 0, asked({ startedAt: -2_000, deadlineAt: -1_000 }))
    await turn()
    expect(runs).toBe(0)
    expect(results).toMatchObject([{ status: 'error', value: { code: 'CHORUS_DEADLINE' } }])
  })
})

describe('an effect that is ended from outside', () => {
  test.each([
    ['its state was left', (runner: EffectRunner) => runner.cancel('b-1', 'checkIn@2')],
    ['its partition was lost', (runner: EffectRunner) => runner.retain([1, 2])],
    ['the process stops', (runner: EffectRunner) => runner.stop()],
  ])('is aborted, and neither answers nor retries: %s', async (_, finish) => {
    const { promise, resolve, reject } = Promise.withResolvers<{ room: number }>()
    const signals: AbortSignal[] = []
    const { runner, clock, results, asked } = runnerOf({
      deadline: 1_000,
      run({ sagaId, signal }) {
        signals.push(signal)
        return sagaId === 'b-1' ? promise : waiting()
      },
    })
    runner.start('b-1', 0, asked({ deadlineAt: 1_000 }))
    runner.start('b-1', 0, asked({ key: 'checkIn@3', notBefore: 100 }))
    runner.cancel('b-1', 'checkIn@3')
    finish(runner)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    resolve({ room: 1 })
    reject(new Error('too late'))
    await quiet(clock, 100)
    expect(results).toEqual([])
    expect(signals).toHaveLength(1)
    expect(clock.scheduled()).toBe(0)
  })

  test('may be started again', async () => {
    let runs = 0
    const { runner, results, asked } = runnerOf({ run: async () => ({ room: ++runs }) })
    runner.start('b-1', 0, asked())
    runner.cancel('b-1', 'checkIn@2')
    runner.start('b-1', 0, asked())
    await turn()
    expect(results).toMatchObject([{ value: { room: 2 } }])
  })

  test('stays ended once the process stops', async () => {
    let runs = 0
    const { runner, asked } = runnerOf({ run: async () => ({ room: ++runs }) })
    runner.stop()
    runner.start('b-1', 0, asked())
    await turn()
    expect(runs).toBe(0)
  })
})
