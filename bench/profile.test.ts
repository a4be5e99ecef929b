import { expect, test } from '@jest/globals'
import { byPackage, type CpuProfile, selfTimes, totalTimes } from './profile.ts'

const root = new URL('..', import.meta.url).href
const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 6 })
const decide = frame('decide', `${root}orchestration/step/step.ts`)
const encode = frame('encode', `${root}node_modules/@scope/codec/lib/index.js`)

/** A sample each millisecond from 1 s of the clock on: `decide` calls `encode`, which calls `decide`. */
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 6] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: decide, children: [4] },
    { id: 4, callFrame: encode, children: [5] },
    { id: 5, callFrame: decide },
    { id: 6, callFrame: frame('(garbage collector)') },
  ],
  startTime: 1_000_000,
  samples: [6, 3, 4, 2, 5, 3, 4],
  timeDeltas: Array(7).fill(1_000),
}
const always = { from: 0, to: 2_000_000 }
const places = { decide: 'orchestration/step/step.ts:7', encode: 'node_modules/@scope/codec/lib/index.js:7' }

test('the self time of a function is that of all its places in the tree, and idle time is nobody’s', () => {
  expect(selfTimes(profile, always)).toEqual([
    { name: 'decide', place: places.decide, ms: 3, part: 3 / 6 },
    { name: 'encode', place: places.encode, ms: 2, part: 2 / 6 },
    { name: '(garbage collector)', place: '', ms: 1, part: 1 / 6 },
  ])
})

test('the total time of a function is that of all it calls, once', () => {
  expect(totalTimes(profile, always)).toEqual([
    { name: '(root)', place: '', ms: 6, part: 1 },
    { name: 'decide', place: places.decide, ms: 5, part: 5 / 6 },
    { name: 'encode', place: places.encode, ms: 3, part: 3 / 6 },
    { name: '(garbage collector)', place: '', ms: 1, part: 1 / 6 },
  ])
})

test('what was before the window and after it does not count', () => {
  const told = selfTimes(profile, { from: 1_002_000, to: 1_006_000 })
  expect(told.map(({ name, ms }) => [name, ms])).toEqual([
    ['decide', 2],
    ['encode', 1],
  ])
})

test('a thread that had no core to run on was not busy', () => {
  const late = { ...profile, timeDeltas: [1_000, 50_000, 1_000, 1_000, 1_000, 1_000, 1_000] }
  expect(selfTimes(late, always)[0]).toMatchObject({ name: 'decide', ms: 4 })
})

test('time is added up by package and by room', () => {
  expect(byPackage(selfTimes(profile, always))).toEqual([
    { name: 'orchestration', part: 3 / 6 },
    { name: '@scope/codec', part: 2 / 6 },
    { name: '(garbage collector)', part: 1 / 6 },
  ])
})

test('what Node does is told by its libraries', () => {
  const functions = ['node:internal/deps/undici/undici:5', 'node:internal/buffer:960', 'node:net:12', ''].map(
    (place) => ({ name: 'run', place, ms: 1, part: 0.25 }),
  )
  expect(byPackage(functions).map(({ name }) => name)).toEqual([
    'node:internal/deps/undici',
    'node:internal/buffer',
    'node:net',
    '(native)',
  ])
})
