import { describe, expect, test } from '@jest/globals'
import { TerminalError } from '#messaging'
import { type CheckIn, desk } from '../booking.fixtures.ts'
import { turn } from '../manual-clock.fixtures.ts'
import { stage } from '../stage.fixtures.ts'
import { runnerOf, waiting } from './effect-runner.fixtures.ts'
import type { EffectRunner } from './effect-runner.ts'

const sagas = Array.from({ length: 20 }, (_, i) => `b-${i}`)

describe('effects of one dependency', () => {
  const hotel = { name: 'hotel', concurrency: 1 }

  /** A hotel that is down until `up`, and who called it. */
  function hotelThatIsDown(fields: Partial<CheckIn> = {}) {
    const called: string[] = []
    const state = { up: false }
    const checkIn: CheckIn = {
      dependency: hotel,
      async run({ sagaId }) {
        called.push(sagaId)
        if (!state.up) throw new Error('down')
        return { room: 7 }
      },
      ...fields,
    }
    return { checkIn, called, state }
  }

  test('wait while it does not answer: nothing is called, nothing is counted', async () => {
    const { checkIn, called } = hotelThatIsDown()
    const { runner, clock, results, asked } = runnerOf(checkIn)
    for (const saga of sagas) runner.start(saga, 0, asked())
    await turn()
    expect(called).toEqual(sagas.slice(0, 5))
    expect(results).toHaveLength(5)
    clock.advance(500)
    await turn()
    expect(called).toEqual(sagas.slice(0, 6))
    expect(results).toHaveLength(6)
  })

  test('all have their turn, in their order, when it answers again', async () => {
    const { checkIn, called, state } = hotelThatIsDown()
    const { runner, clock, results, asked } = runnerOf(checkIn)
    for (const saga of sagas) runner.start(saga, 0, asked())
    await turn()
    state.up = true
    clock.advance(500)
    await turn()
    expect(called).toEqual(sagas)
    expect(results.filter(({ kind }) => kind === 'answer')).toHaveLength(15)
  })

  test('go on when it refuses them, or answers what JSON cannot carry: it is there', async () => {
    const noes = [() => Promise.reject(new TerminalError('no room')), async () => ({ room: 1n }) as never]
    for (const run of noes) {
      const { runner, results, asked } = runnerOf({ dependency: hotel, run })
      for (const saga of sagas) runner.start(saga, 0, asked())
      await turn()
      expect(results).toHaveLength(20)
    }
  })

  test('go on when attempts are cut short by their own deadlines, which says nothing about it', async () => {
    const { runner, clock, results, asked } = runnerOf({
      dependency: hotel,
      run: ({ sagaId }) => (sagaId === 'b-19' ? Promise.resolve({ room: 7 }) : waiting()),
    })
    sagas.forEach((saga, i) => {
      runner.start(saga, 0, asked({ deadlineAt: i === 19 ? 1_000 : 10 + i }))
    })
    for (let i = 0; i < 60; i++) {
      clock.advance(1)
      await turn()
    }
    expect(results.at(-1)).toMatchObject({ status: 'done' })
  })

  test('have one probe after the other while probes are cut short by their own deadlines', async () => {
    const { checkIn, called } = hotelThatIsDown({
      dependency: { name: 'hotel', concurrency: 5 },
      run: ({ sagaId }) => {
        called.push(sagaId)
        return called.length > 5 ? waiting() : Promise.reject(new Error('down'))
      },
    })
    const { runner, clock, asked } = runnerOf(checkIn)
    for (const saga of sagas.slice(0, 5)) runner.start(saga, 0, asked())
    await turn()
    for (const [saga, deadlineAt] of Object.entries({ a: 600, b: 400, c: 601, d: 700, e: 550 }))
      runner.start(saga, 0, asked({ deadlineAt }))
    clock.advance(699)
    await turn()
    expect(called.slice(5)).toEqual(['d'])
    runner.start('f', 0, asked({ deadlineAt: 2_000 }))
    runner.start('g', 0, asked({ deadlineAt: 3_000 }))
    clock.advance(1)
    await turn()
    expect(called.slice(5)).toEqual(['d', 'g'])
  })

  test('go on when attempts are ended from outside, which says nothing about it either', async () => {
    const { runner, results, asked } = runnerOf({
      dependency: hotel,
      run: ({ sagaId }) => (sagaId === 'b-19' ? Promise.resolve({ room: 7 }) : waiting()),
    })
    for (const saga of sagas.slice(0, 19)) {
      runner.start(saga, 0, asked())
      runner.cancel(saga, 'checkIn@2')
      await turn()
    }
    runner.start('b-19', 0, asked())
    await turn()
    expect(results).toMatchObject([{ status: 'done' }])
  })

  test('are ended by their deadline while they wait, with a word about what they waited for', async () => {
    const { checkIn, called } = hotelThatIsDown({ deadline: 100 })
    const { runner, clock, results, asked } = runnerOf(checkIn)
    for (const saga of sagas) runner.start(saga, 0, asked())
    await turn()
    runner.start('b-21', 0, asked({ deadlineAt: 100 }))
    clock.advance(100)
    expect(called).not.toContain('b-21')
    expect(results.at(-1)).toEqual({
      kind: 'answer',
      key: 'checkIn@2',
      status: 'error',
      value: { code: 'CHORUS_DEADLINE', message: 'the deadline has passed; "hotel" was not reachable' },
    })
  })

  test('hold up no others', async () => {
    const { checkIn } = hotelThatIsDown()
    const elsewhere = { run: async () => ({ room: 9 }) }
    const { runner, results, asked } = runnerOf(checkIn, { sameHotel: checkIn, elsewhere })
    for (const saga of sagas) runner.start(saga, 0, asked())
    await turn()
    runner.start('b-1', 0, asked({ key: 'sameHotel@3', src: 'sameHotel' }))
    runner.start('b-1', 0, asked({ key: 'elsewhere@3', src: 'elsewhere' }))
    await turn()
    expect(results.slice(5)).toMatchObject([{ key: 'elsewhere@3', status: 'done' }])
  })

  test('that wait are under way: asked for again, they keep their one place in the queue', async () => {
    const { checkIn, called, state } = hotelThatIsDown()
    const { runner, clock, asked } = runnerOf(checkIn)
    for (const saga of sagas) runner.start(saga, 0, asked())
    await turn()
    for (const saga of sagas.slice(5).reverse()) runner.start(saga, 0, asked())
    state.up = true
    clock.advance(500)
    await turn()
    expect(called).toEqual(sagas)
  })

  test.each([
    ['its state was left', (runner: EffectRunner) => runner.cancel('b-1', 'checkIn@2')],
    ['its partition was lost', (runner: EffectRunner) => runner.retain([0])],
  ])('leave no gap when one that waits, or is called, is ended: %s', async (_, finish) => {
    const called: string[] = []
    const dependency = { name: 'hotel', concurrency: 2 }
    const run: CheckIn['run'] = ({ sagaId }) => {
      called.push(sagaId)
      return waiting()
    }
    const { runner, asked } = runnerOf({ dependency, run })
    for (const round of ['called', 'waiting']) {
      const names = round === 'called' ? ['b-1', 'b-0', 'b-2'] : ['b-3', 'b-1', 'b-4']
      for (const saga of names) runner.start(saga, saga === 'b-1' ? 1 : 0, asked())
      finish(runner)
      await turn()
    }
    expect(called).toEqual(['b-1', 'b-0', 'b-2'])
    runner.cancel('b-0', 'checkIn@2')
    runner.cancel('b-2', 'checkIn@2')
    await turn()
    expect(called).toEqual(['b-1', 'b-0', 'b-2', 'b-3', 'b-4'])
  })

  test('leave nothing behind when the process stops', async () => {
    const { checkIn, called } = hotelThatIsDown()
    const { runner, clock, results, asked } = runnerOf(checkIn)
    for (const saga of sagas) runner.start(saga, 0, asked({ deadlineAt: 60_000 }))
    await turn()
    runner.stop()
    expect(clock.scheduled()).toBe(0)
    await turn()
    expect(called).toHaveLength(5)
    expect(results).toHaveLength(5)
  })

  test('are all done in time when thousands were pending, and leave room for everything else', async () => {
    let atOnce = 0
    let most = 0
    const { runner, results, asked } = runnerOf({
      async run() {
        most = Math.max(most, ++atOnce)
        await turn()
        atOnce--
        return { room: 7 }
      },
    })
    for (let i = 0; i < 5_000; i++) runner.start(`b-${i}`, 0, asked())
    const shares: number[] = []
    for (let before = -1; results.length > before; ) {
      before = results.length
      await turn()
      await turn()
      shares.push(results.length - before)
    }
    expect(results).toHaveLength(5_000)
    expect(most).toBe(128)
    expect(Math.max(...shares)).toBeLessThanOrEqual(2 * 128)
  })
})

test('a saga whose effect waits for its dependency writes no row, also when the sweep finds it due, and takes in what comes', async () => {
  let up = false
  const called: string[] = []
  const { start, say, clock, until, quiet, rows, head } = await stage()
  await start(
    desk({
      dependency: { name: 'hotel', concurrency: 1 },
      retry: { initial: 600_000, max: 600_000 },
      async run({ sagaId }) {
        called.push(sagaId)
        if (!up) throw new Error('down')
        return { room: 7 }
      },
    }),
  )
  // Five open the breaker, and not all of the others have been probes before the test ends.
  for (const saga of [...sagas, 'waits', 'leaves']) {
    await say('Book', saga)
    await say('Arrived', saga)
  }
  await until('the breaker opens', () => called.length >= 5)
  await until(
    'the sweep finds those that wait',
    async () => ((await head('waits'))?.dueAt ?? 0) < clock.now(),
  )
  await quiet()
  await say('Left', 'leaves')
  await until('one has left', async () => (await head('leaves'))?.state?.status === 'done')
  up = true
  await until('the other is served', async () => (await head('waits'))?.state?.value === 'checkedIn')
  const causes = async (saga: string) => (await rows(saga)).map(({ cause }) => cause.kind)
  expect(await causes('leaves')).toEqual(['event', 'event', 'event'])
  expect(await causes('waits')).toEqual(['event', 'event', 'answer'])
  expect(called).not.toContain('leaves')
})
