import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { PlayedFault } from '../director.ts'
import { straight } from '../paths.ts'
import type { RunResult } from '../run.ts'
import { readSchedule } from '../schedule.ts'
import { figuresOf, percentile } from './figures.ts'
import { recoveriesOf } from './recovery.ts'
import { writeReport } from './write.ts'

const beganAt = 1_000_000
const usual = 100

/** Ten orders a second for so many seconds; `tookMs` says how long the one asked for in this second takes. */
function runOf(
  seconds: number,
  tookMs: (second: number) => number,
  faults: readonly PlayedFault[] = [],
): RunResult {
  const ended = new Map<string, number>()
  const purchases = Array.from({ length: seconds * 10 }, (_, index) => {
    const askedAt = beganAt + index * 100
    const orderId = `order-${index}`
    ended.set(orderId, askedAt + tookMs(index / 10))
    const accepted = { orderId, at: askedAt + 20 }
    return { key: orderId, path: straight, askedAt, accepted, answers: { '202': 1 } }
  })
  const last = Math.max(...ended.values())
  return {
    schedule: { seed: 1, orders: purchases.length, rate: 10, faults: [] },
    servers: ['Kafka 4'],
    beganAt,
    calmSince: beganAt + seconds * 1_000,
    endedAt: last + 1,
    checkedAt: last + 1,
    purchases,
    ended,
    faults,
    accidents: [],
    lag: [{ at: beganAt + 500, lag: 7 }],
    refusals: [],
    violations: [],
  }
}

function kill(at: number, more: Partial<PlayedFault> = {}): PlayedFault {
  const firedAt = beganAt + at * 1_000
  const planned = { at, kind: 'kill-service', target: 'payment-1', for: 1 } as const
  return { ...planned, firedAt, healedAt: firedAt + 1_000, says: 'killed', ...more }
}

/** Orders that are asked for within ten seconds from the 30th end together at its end. */
const stalls = (second: number) => (second >= 30 && second < 40 ? (40 - second) * 1_000 : usual)

describe('the figures', () => {
  test('count what was accepted and what ended in each second', () => {
    const { accepted, ended, lag, answers } = figuresOf(runOf(20, () => usual))
    expect(accepted.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 10))
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(200)
    expect(lag).toEqual([{ second: 0.5, lag: 7 }])
    expect(answers).toEqual({ '202': 200 })
  })

  test('take as normal what was before the first fault, and tell latency where orders ended', () => {
    const run = runOf(60, stalls, [kill(30)])
    const { normal, p99, goodput } = figuresOf(run)
    expect(normal).toMatchObject({ p50: usual, p99: usual })
    expect(p99[10]).toBe(usual)
    expect(p99[38]).toBeGreaterThan(5_000)
    expect(goodput.normal).toBeCloseTo(10, 0)
  })

  test('have a gap where nothing ended', () => {
    expect(figuresOf(runOf(60, stalls, [kill(30)])).p99[32]).toBeNull()
  })
})

describe('a percentile', () => {
  const of = (values: number[], percent: number) =>
    percentile(
      values.map((tookMs) => ({ at: 0, tookMs })),
      percent,
    )

  test('is the value that so many are not above', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([of(hundred, 50), of(hundred, 99), of(hundred, 100), of([7], 99)]).toEqual([50, 99, 100, 7])
  })

  test('of nothing is 0', () => {
    expect(of([], 99)).toBe(0)
  })
})

describe('back to normal', () => {
  const recovered = (run: RunResult) => recoveriesOf(run, figuresOf(run))

  test('is when the last slow order has ended', () => {
    expect(recovered(runOf(80, stalls, [kill(30)]))).toMatchObject([{ limit: 15, seconds: 11 }])
  })

  test('is at once when nothing got slower', () => {
    expect(recovered(runOf(80, () => usual, [kill(30)]))).toMatchObject([{ seconds: 0 }])
  })

  test('counts for a broker from when it is back', () => {
    const broker = kill(25, { kind: 'kill-broker', target: 'kafka', healedAt: beganAt + 32_000 })
    expect(recovered(runOf(80, stalls, [broker]))).toMatchObject([{ limit: 30, seconds: 9 }])
  })

  test('cannot be told when another fault comes too soon, or is under way', () => {
    const next = kill(40, { kind: 'cut', target: 'order-1/store' })
    const before = kill(25, { kind: 'cut', target: 'order-1/store', healedAt: beganAt + 35_000 })
    expect(recovered(runOf(80, stalls, [kill(30), next]))).toMatchObject([{ seconds: null }])
    expect(recovered(runOf(80, stalls, [kill(30), before]))).toMatchObject([{ seconds: null }])
  })

  test('cannot be told when there is no normal', () => {
    expect(recovered(runOf(60, () => usual, [kill(2)]))).toMatchObject([{ seconds: null }])
  })

  test('is asked of nothing but kills that fired', () => {
    const frozen = kill(20, { kind: 'freeze-service' })
    expect(recovered(runOf(60, () => usual, [frozen, kill(30, { firedAt: null })]))).toEqual([])
  })
})

test('the report is written as a page without foreign parts, as JSON, and as a schedule to run again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chorus-report-'))
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  try {
    const violations = [{ invariant: 'I1', sagaId: 'order-7', says: 'captured twice & <never> refunded' }]
    const unfired = kill(50, { firedAt: null, says: 'it met nothing' })
    writeReport(
      { ...runOf(60, stalls, [kill(30), unfired]), violations },
      folder,
      'npm run chaos -- --seed 1',
    )
    const html = read('report.html')
    expect(html).toContain('1 things are wrong')
    expect(html).toContain('captured twice &#38; &#60;never&#62; refunded')
    expect(html).toContain('<td>kill-service</td>')
    expect(html).toContain('npm run chaos -- --seed 1')
    expect(html).not.toMatch(/(src|href)=|@import|url\(/)
    expect(html).not.toMatch(/NaN|undefined|Infinity/)
    expect(JSON.parse(read('report.json'))).toMatchObject({
      recoveries: [{ seconds: 11 }],
      violations,
      beganAt,
    })
    expect(readSchedule(read('schedule.json'))).toMatchObject({ seed: 1, orders: 600 })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
