import { describe, expect, test } from '@jest/globals'
import type { Logger } from '#observability'
import { silent } from '../faults.fixtures.ts'
import { manualClock } from '../manual-clock.fixtures.ts'
import { circuitBreaker, type Verdict } from './circuit-breaker.ts'

/** A breaker without jitter, and what it said. */
function breakerOf(random = () => 1) {
  const clock = manualClock(0)
  const said: unknown[] = []
  const ready: number[] = []
  const log: Logger = {
    ...silent,
    warn: (message, fields) => void said.push([message, fields]),
    info: (message, fields) => void said.push([message, fields]),
  }
  const onReady = () => void ready.push(clock.now())
  const breaker = circuitBreaker({ name: 'hotel', clock, log, random, onReady })
  const attempts = (...verdicts: Verdict[]) => {
    for (const verdict of verdicts) breaker.begin()(verdict)
  }
  return { breaker, clock, said, ready, attempts }
}

const fiveFailures = Array<Verdict>(5).fill('failed')

/** An open breaker, and attempts that had begun before and still run. */
function openBreaker() {
  const world = breakerOf()
  const underWay = Array.from({ length: 20 }, () => world.breaker.begin())
  world.attempts(...fiveFailures)
  return { ...world, underWay }
}

describe('a circuit breaker', () => {
  test('opens at the fifth failure in a row', () => {
    const { breaker, attempts } = breakerOf()
    attempts('failed', 'failed', 'failed', 'failed', 'answered')
    attempts('failed', 'failed', 'failed', 'failed', 'nothing')
    expect(breaker.phase()).toBe('closed')
    attempts('failed')
    expect(breaker.phase()).toBe('open')
  })

  test('lets one probe through when it has rested, and nobody beside it', () => {
    const { breaker, clock, ready } = openBreaker()
    clock.advance(499)
    expect(breaker.phase()).toBe('open')
    clock.advance(1)
    expect(breaker.phase()).toBe('half-open')
    expect(ready).toEqual([500])
    breaker.begin()
    clock.advance(60_000)
    expect(breaker.phase()).toBe('open')
  })

  test('closes when the probe is answered', () => {
    const { breaker, clock, ready, attempts } = openBreaker()
    clock.advance(500)
    attempts('answered')
    expect(breaker.phase()).toBe('closed')
    expect(ready).toHaveLength(2)
    attempts('failed', 'failed', 'failed', 'failed')
    expect(breaker.phase()).toBe('closed')
  })

  test('rests for longer after each failed probe, ten seconds at most, and shortly again after it was closed', () => {
    const { clock, ready, attempts } = openBreaker()
    for (let i = 0; i < 6; i++) {
      clock.advance(10_000)
      attempts('failed')
    }
    const at = [0, ...ready.map((time, i) => time - 10_000 * i)].slice(1)
    expect(at).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000])
    clock.advance(10_000)
    attempts('answered', ...fiveFailures)
    ready.length = 0
    const reopened = clock.now()
    clock.advance(10_000)
    expect(ready).toEqual([reopened + 500])
  })

  test('spreads its probes, so that many processes do not knock at once', () => {
    const { clock, ready, attempts } = breakerOf(() => 0)
    attempts(...fiveFailures)
    clock.advance(10_000)
    expect(ready).toEqual([250])
  })

  test('takes many failures at the same time for one outage', () => {
    const { breaker, clock, underWay, said } = openBreaker()
    for (const tell of underWay) tell('failed')
    clock.advance(500)
    expect(breaker.phase()).toBe('half-open')
    expect(said).toHaveLength(1)
  })

  test('lets only the probe decide, not what had begun before', () => {
    const { breaker, clock, underWay, attempts } = openBreaker()
    clock.advance(500)
    attempts('answered')
    for (const tell of underWay) tell('failed')
    expect(breaker.phase()).toBe('closed')
  })

  test('has another probe at once for one that was ended before it could tell', () => {
    const { breaker, clock, ready, attempts } = openBreaker()
    clock.advance(500)
    attempts('nothing')
    expect(breaker.phase()).toBe('half-open')
    expect(ready).toEqual([500, 500])
  })

  test('says once that it opens and once that it closes', () => {
    const { clock, said, attempts } = openBreaker()
    clock.advance(500)
    attempts('failed')
    clock.advance(1_000)
    attempts('answered')
    expect(said).toEqual([
      [
        '"hotel" does not answer: what depends on it waits',
        { dependency: 'hotel', failures: 5, nextProbe: '1970-01-01T00:00:00.500Z' },
      ],
      ['"hotel" answers again', { dependency: 'hotel', failures: 6, after: 1_500 }],
    ])
  })

  test('leaves no timer behind', () => {
    const { breaker, clock } = openBreaker()
    breaker.stop()
    expect(clock.scheduled()).toBe(0)
  })
})
