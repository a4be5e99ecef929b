import { expect, test } from '@jest/globals'
import { differences } from './differences.ts'

test('equal values, whatever the order of their fields, do not differ', () => {
  expect(differences({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1, d: undefined })).toEqual([])
})

test('each place that differs is named, in lists and objects', () => {
  expect(differences({ a: { b: [1, { c: 2 }] }, d: 1 }, { a: { b: [1, { c: 3 }] }, e: 1 })).toEqual([
    { path: 'a.b[1].c', expected: 2, found: 3 },
    { path: 'd', expected: 1, found: undefined },
    { path: 'e', expected: undefined, found: 1 },
  ])
})

test('lists of different lengths, and values of different kinds, differ as a whole', () => {
  expect(differences({ a: [1], b: [] }, { a: [1, 2], b: {} })).toEqual([
    { path: 'a', expected: [1], found: [1, 2] },
    { path: 'b', expected: [], found: {} },
  ])
})
