import { describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import { type CheckIn, desk, patience } from './booking.fixtures.ts'
import type { EffectCall } from './effects/effect.ts'
import { diesAfterInsertOf, fails, gate } from './faults.fixtures.ts'
import { type Stage, stage } from './stage.fixtures.ts'
import { effectLease } from './step/head.ts'

/** An effect that only the test answers. */
function answeredByHand(options: Omit<CheckIn, 'run'> = {}) {
  const calls: (EffectCall & { resolve(answer: { room: number }): void; reject(error: Error): void })[] = []
  const checkIn: CheckIn = {
    ...options,
    run(call) {
      const { promise, resolve, reject } = Promise.withResolvers<{ room: number }>()
      calls.push({ ...call, resolve, reject })
      return promise
    },
  }
  return { calls, part: () => desk(checkIn) }
}

async function arrive({ say, settled }: Stage): Promise<void> {
  await say('Book', 'b-1')
  await say('Arrived', 'b-1')
  await settled('b-1')
}

describe('an insert', () => {
  test('whose answer was lost is known as one’s own, so that its effect runs at once', async () => {
    const { calls, part } = answeredByHand()
    const { start, say, clock, until, rows } = await stage()
    const actor = await start(part())
    await say('Book', 'b-1')
    await until('it is booked', async () => (await rows('b-1')).length === 1)
    let loads = 0
    actor.before['read heads'] = () => loads++
    actor.after.insert = fails(2)
    await say('Arrived', 'b-1')
    await until('the effect runs', () => calls.length === 1)
    expect(await rows('b-1')).toHaveLength(2)
    expect(loads).toBe(0)
    expect(clock.now() - ((await rows('b-1'))[1]?.at ?? 0)).toBeLessThan(2_000)
  })

  test('that was not done is repeated', async () => {
    const { start, say, settled, rows } = await stage()
    const actor = await start()
    actor.before.insert = fails(3)
    await say('Book', 'b-1')
    await settled('b-1')
    expect(await rows('b-1')).toHaveLength(1)
  })

  test('that another owner was faster with is decided again, so that neither’s cause is lost', async () => {
    const one = await stage()
    const other = await stage(one)
    const slow = await one.start()
    await other.start()
    await one.say('Book', 'b-1')
    await one.settled('b-1')
    const late = gate()
    slow.before.insert = late.fault
    await one.say('Noted', 'b-1', 1, 'mine')
    await one.until('the slow one is about to insert', late.reached)
    await other.say('Noted', 'b-1', 2, 'theirs')
    await other.settled()
    late.open()
    await one.until('the slow one has inserted after all', async () => (await one.rows('b-1')).length === 3)
    expect((await one.rows('b-1')).map((row) => row.consumed)).toEqual([['Book-1'], ['theirs'], ['mine']])
    await one.until('its event is said', () => one.heard('b-1').includes('Echoed 1'))
  })

  test('of a first row is done without reading, and when the saga is not new after all, it is loaded', async () => {
    const { start, say, settled, rows } = await stage()
    const first = await start()
    let loads = 0
    first.before['read heads'] = () => loads++
    await say('Book', 'b-1', 0, 'start')
    await settled('b-1')
    expect(loads).toBe(0)
    await first.kill()
    const second = await start()
    second.before['read heads'] = () => loads++
    await say('Book', 'b-1', 0, 'start')
    await settled('b-1')
    expect(loads).toBe(1)
    expect(await rows('b-1')).toHaveLength(1)
  })
})

test('a deferred event is taken in by the very row that opens its door, so no crash can come between', async () => {
  const { start, say, settled, until, rows, heard } = await stage()
  const first = await start()
  await say('Noted', 'b-1', 4)
  await settled('b-1')
  first.after.insert = diesAfterInsertOf(first, 2)
  await say('Book', 'b-1')
  await until('the saga is started', async () => (await rows('b-1')).length === 2)
  await start()
  await settled('b-1')
  expect(await rows('b-1')).toHaveLength(2)
  expect(heard('b-1')).toEqual(['Booked 0', 'Echoed 4'])
})

describe('a timer', () => {
  test('fires once, not early, in a process that knew nothing of it', async () => {
    const { start, say, clock, settled, quiet, heard, rows } = await stage()
    const first = await start()
    await say('Book', 'b-1')
    await say('Sat', 'b-1')
    await settled('b-1')
    await first.kill()
    clock.advance(patience - 60_000)
    await start()
    await quiet()
    expect(heard('b-1')).toEqual(['Booked 0'])
    clock.advance(60_000)
    await quiet()
    await settled('b-1')
    expect(heard('b-1')).toEqual(['Booked 0', 'Lapsed 0'])
    expect(await rows('b-1')).toHaveLength(3)
  })
})

describe('an effect', () => {
  test('has one idempotency key over all attempts and processes', async () => {
    const { calls, part } = answeredByHand()
    const world = await stage()
    const { start, say, until, rows, settled } = world
    const first = await start(part())
    await arrive(world)
    await until('it runs', () => calls.length === 1)
    calls[0]?.reject(new RetryableError('busy'))
    await until('it runs again', () => calls.length === 2)
    await first.kill()
    await start(part())
    await until('the next process runs it', () => calls.length === 3)
    calls[2]?.resolve({ room: 1 })
    await until('it is answered', async () => (await rows('b-1')).at(-1)?.cause.kind === 'answer')
    expect(calls.map((call) => call.idempotencyKey)).toEqual(Array(3).fill('b-1:2/checkIn'))
    await say('Arrived', 'b-1')
    await settled('b-1')
  })

  test('is taken up by the next owner at once, before its lease ends', async () => {
    const { calls, part } = answeredByHand()
    const world = await stage()
    const first = await world.start(part())
    await arrive(world)
    await world.until('it runs', () => calls.length === 1)
    await first.kill()
    const killedAt = world.clock.now()
    await world.start(part())
    await world.until('the next process runs it', () => calls.length === 2)
    expect(world.clock.now() - killedAt).toBeLessThan(effectLease / 2)
  })

  test('goes on counting its failures from its first start, whoever runs it', async () => {
    const { calls, part } = answeredByHand()
    const world = await stage()
    const { start, clock, until, rows } = world
    const pending = async () => (await rows('b-1')).at(-1)?.effects.started[0]
    const first = await start(part())
    await arrive(world)
    const startedAt = (await pending())?.startedAt
    for (const failures of [1, 2]) {
      await until('it runs', () => calls.length === failures)
      calls.at(-1)?.reject(new Error('busy'))
      await until('the failure is recorded', async () => (await pending())?.failures === failures)
    }
    await first.kill()
    clock.advance(60_000)
    await start(part())
    await until('the next process runs it', () => calls.length === 3)
    calls.at(-1)?.reject(new Error('busy'))
    await until('the third failure is recorded', async () => (await pending())?.failures === 3)
    expect((await pending())?.startedAt).toBe(startedAt)
  })

  test('has one deadline over all restarts', async () => {
    const { calls, part } = answeredByHand({ deadline: 600_000 })
    const world = await stage()
    const { start, clock, until, heard, rows } = world
    const first = await start(part())
    await arrive(world)
    const startedAt = (await rows('b-1'))[1]?.at ?? 0
    clock.advance(300_000)
    await first.kill()
    await start(part())
    await until('the next process runs it', () => calls.length === 2)
    expect(calls[1]?.signal.aborted).toBe(false)
    clock.advance(startedAt + 600_000 - clock.now())
    expect(calls[1]?.signal.aborted).toBe(true)
    await until('the machine is told', () => heard('b-1').includes('Refused 0'))
    expect((await rows('b-1'))[2]?.cause).toMatchObject({
      status: 'error',
      value: { code: 'CHORUS_DEADLINE' },
    })
  })

  test('whose deadline passed while nobody was there is not called any more', async () => {
    const { calls, part } = answeredByHand({ deadline: 600_000 })
    const world = await stage()
    const first = await world.start(part())
    await arrive(world)
    await first.kill()
    world.clock.advance(600_000)
    await world.start(part())
    await world.until('the machine is told', () => world.heard('b-1').includes('Refused 0'))
    expect(calls).toHaveLength(1)
  })

  test('whose state is left is aborted, and what it answers afterwards is dropped', async () => {
    const { calls, part } = answeredByHand()
    const world = await stage()
    const { start, say, settled, until, quiet, rows } = world
    await start(part())
    await arrive(world)
    await until('it runs', () => calls.length === 1)
    await say('Left', 'b-1')
    await settled('b-1')
    expect(calls[0]?.signal.aborted).toBe(true)
    calls[0]?.resolve({ room: 1 })
    await quiet()
    expect(await rows('b-1')).toHaveLength(3)
  })

  test('that two owners ran answers once: the later answer is dropped', async () => {
    const mine = answeredByHand()
    const theirs = answeredByHand()
    const one = await stage()
    const other = await stage(one)
    await one.start(mine.part())
    await arrive(one)
    await one.until('the first owner runs it', () => mine.calls.length === 1)
    await other.start(theirs.part())
    await other.until('the second owner runs it', () => theirs.calls.length === 1)
    theirs.calls[0]?.resolve({ room: 2 })
    await other.until('it is answered', async () => (await other.rows('b-1')).length === 3)
    mine.calls[0]?.resolve({ room: 1 })
    await one.quiet()
    expect(await one.rows('b-1')).toHaveLength(3)
    expect((await one.rows('b-1'))[2]?.cause).toMatchObject({ status: 'done', value: { room: 2 } })
  })

  test('of a partition that went to another member is aborted here and run there', async () => {
    const [mine, theirs] = [answeredByHand(), answeredByHand()]
    const { start, say, until, settled } = await stage({ partitions: 2 })
    const ids = Array.from({ length: 8 }, (_, i) => `b-${i}`)
    await start(mine.part())
    for (const id of ids) await say('Book', id)
    for (const id of ids) await say('Arrived', id)
    await settled(...ids)
    await until('all run', () => mine.calls.length === ids.length)
    await start(theirs.part())
    const aborted = mine.calls.filter(({ signal }) => signal.aborted).map(({ sagaId }) => sagaId)
    await until('they run elsewhere', () => theirs.calls.length === aborted.length)
    expect(theirs.calls.map(({ sagaId }) => sagaId).sort()).toEqual(aborted.sort())
    expect(aborted.length).toBeGreaterThan(0)
    expect(aborted.length).toBeLessThan(ids.length)
  })
})

test('a zombie that still has records of a partition it lost neither doubles nor loses a step', async () => {
  const world = await stage({ partitions: 4 })
  const { start, say, until, settled, rows } = world
  const ids = Array.from({ length: 20 }, (_, i) => `b-${i}`)
  const slow = await start()
  const late = gate()
  slow.before.insert = late.fault
  for (const id of ids) await say('Book', id)
  await until('the slow one is about to insert', late.reached)
  await start()
  for (const id of ids) await say('Noted', id, 1)
  await until('the other one has taken some over', async () => {
    const journals = await Promise.all(ids.map(rows))
    return journals.some((journal) => journal.length > 0)
  })
  late.open()
  await settled(...ids)
  for (const id of ids) expect(world.heard(id)).toEqual(['Booked 0', 'Echoed 1'])
})
