import { describe, expect, test } from '@jest/globals'
import { RetryableError } from '#messaging'
import type { faultKinds } from './faults.ts'
import { type SimulatedProcess, simulatedProcess } from './process.ts'
import { openWorld, type World } from './world.ts'

type Kind = keyof typeof faultKinds

const second = 1_000

/** A process in a world in which these faults strike at every occasion, and no others. */
async function processWith(...kinds: readonly Kind[]): Promise<{ world: World; process: SimulatedProcess }> {
  const open = await openWorld({ seed: 1, topics: [] })
  const faults = { ...open.faults, strikes: (kind: Kind) => kinds.includes(kind) }
  const world = { ...open, faults }
  return { world, process: simulatedProcess(world, 'desk', 'desk#1') }
}

async function passes({ scheduler }: World, ms: number): Promise<void> {
  await scheduler.run(() => false, ms)
}

/** What came of a call, and how often it was done on the other side. */
function ask(process: SimulatedProcess) {
  const seen = { done: 0, outcome: 'none' }
  const work = async () => ++seen.done
  void process.call('asks', { work, doubled: 'doubled send', torn: { fault: 'torn send', work } }).then(
    () => {
      seen.outcome = 'answered'
    },
    (error) => {
      seen.outcome = error instanceof RetryableError ? error.code : String(error)
    },
  )
  return seen
}

describe('a call', () => {
  test.each([
    { faults: [], done: 1, outcome: 'answered' },
    { faults: ['request lost'], done: 0, outcome: 'CHORUS_NO_ANSWER' },
    { faults: ['answer lost'], done: 1, outcome: 'CHORUS_NO_ANSWER' },
    { faults: ['torn send'], done: 1, outcome: 'CHORUS_NO_ANSWER' },
    { faults: ['doubled send'], done: 2, outcome: 'answered' },
    { faults: ['slow call'], done: 1, outcome: 'answered' },
  ] as const)(
    'with the faults $faults is done $done times and ends as $outcome',
    async ({ faults, ...expected }) => {
      const { world, process } = await processWith(...faults)
      const seen = ask(process)
      await passes(world, 10 * second)
      expect(seen).toEqual(expected)
    },
  )

  test('is an error after its time-out when the other side stays silent', async () => {
    const { world, process } = await processWith()
    const silence = process.call('asks', { work: () => new Promise(() => {}), timeout: 2 * second })
    const ended = silence.catch((error) => error.code)
    await passes(world, 3 * second)
    expect(await ended).toBe('CHORUS_NO_ANSWER')
  })

  test('hands on what the other side refuses', async () => {
    const { world, process } = await processWith()
    const refused = process.call('asks', { work: async () => Promise.reject(new Error('refused')) })
    const ended = refused.catch((error) => error.message)
    await passes(world, second)
    expect(await ended).toBe('refused')
  })
})

describe('a process that dies', () => {
  test('hears no answer, though what it has asked for is done', async () => {
    const { world, process } = await processWith()
    const seen = ask(process)
    await world.scheduler.run(() => seen.done > 0, second)
    process.kill()
    await passes(world, 10 * second)
    expect(seen).toEqual({ done: 1, outcome: 'none' })
  })

  test('dies between what it asked for and the answer, when the fault says so', async () => {
    const { world, process } = await processWith('crash')
    const seen = ask(process)
    await passes(world, 10 * second)
    expect(seen.outcome).toBe('none')
    expect(process.isAlive()).toBe(false)
  })

  test('fires no timer any more, and tells of its death once', async () => {
    const { world, process } = await processWith()
    let fired = 0
    let told = 0
    process.onDeath(() => void told++)
    process.clock.schedule(second, () => void fired++)
    process.kill()
    process.kill()
    await passes(world, 10 * second)
    expect({ fired, told }).toEqual({ fired: 0, told: 1 })
  })
})

describe('a process that stands still', () => {
  test('goes on with everything afterwards, in its order', async () => {
    const { world, process } = await processWith()
    const fired: string[] = []
    process.clock.schedule(2 * second, () => void fired.push('second'))
    process.clock.schedule(second, () => void fired.push('first'))
    process.stall(5 * second)
    await passes(world, 4 * second)
    expect(fired).toEqual([])
    await passes(world, 2 * second)
    expect(fired).toEqual(['first', 'second'])
  })

  test('keeps that order when it stands still again', async () => {
    const { world, process } = await processWith()
    const fired: string[] = []
    process.clock.schedule(2 * second, () => void fired.push('first'))
    process.clock.schedule(6 * second, () => void fired.push('second'))
    process.stall(5 * second)
    await passes(world, 4 * second)
    process.stall(5 * second)
    await passes(world, 10 * second)
    expect(fired).toEqual(['first', 'second'])
  })

  test('does not fire what was cancelled meanwhile', async () => {
    const { world, process } = await processWith()
    let fired = false
    const cancel = process.clock.schedule(2 * second, () => {
      fired = true
    })
    process.clock.schedule(second, cancel)
    process.stall(5 * second)
    await passes(world, 10 * second)
    expect(fired).toBe(false)
  })
})

test('a clock that is wrong tells another time, and its timers run at the right one', async () => {
  const { world, process } = await processWith()
  process.setClock(-20 * second)
  expect(process.clock.now()).toBe(world.scheduler.now() - 20 * second)
  let fired = false
  process.clock.schedule(second, () => {
    fired = true
  })
  await passes(world, second)
  expect(fired).toBe(true)
})
