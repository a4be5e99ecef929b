import { expect, test } from '@jest/globals'
import { longestBelief } from '../lanes.ts'
import { ageBound, purgeMargin } from './age-bound.ts'

const day = 24 * 60 * 60 * 1000
const stays = new Map([
  ['a', 7 * day],
  ['b', 2 * day],
  ['endless', Number.POSITIVE_INFINITY],
])

test('a saga stays for the longest time that any of its records can stay, and a day', () => {
  expect(ageBound(['a', 'b'], stays)).toEqual({ after: 8 * day })
  expect(ageBound(['b'], stays)).toEqual({ after: 3 * day })
})

test('a wish lengthens it, and is refused with a word when it is shorter', () => {
  expect(ageBound(['b'], stays, 30 * day)).toEqual({ after: 30 * day })
  const { after, remark } = ageBound(['b'], stays, day)
  expect(after).toBe(3 * day)
  expect(remark).toContain(`${day} ms is refused, ${3 * day} ms it is`)
})

test('nothing is purged, whatever is wished, while a topic keeps its records for ever or is not there', () => {
  for (const topic of ['endless', 'missing']) {
    const { after, remark } = ageBound(['a', topic], stays, 30 * day)
    expect(after).toBe(Number.POSITIVE_INFINITY)
    expect(remark).toContain(`${topic} keeps records for ever`)
  }
})

test('the day is longer than a process believes what it knows of a saga', () => {
  expect(purgeMargin).toBeGreaterThan(2 * longestBelief)
})
