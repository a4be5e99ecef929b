import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { catalogue } from './catalogue.ts'
import { inOrder, keyIn, rankOfEnded, type StoryFields } from './story-fields.ts'

const fields = (beganAt: number, endedAt: number | null): StoryFields => ({
  state: endedAt === null ? 'running' : 'ended',
  rank: endedAt === null ? beganAt : rankOfEnded(endedAt),
  beganAt,
  ending: endedAt === null ? null : 'served',
  labels: [`version:${beganAt % 2}`],
  ids: [],
})

test('pages are what sorting everything would give, in every order', () => {
  const some = fc.array(fc.tuple(fc.nat(9), fc.option(fc.nat(9))), { maxLength: 30 })
  const order = fc.constantFrom('urgency' as const, 'oldest' as const, 'newest' as const)
  fc.assert(
    fc.property(some, order, fc.integer({ min: 1, max: 7 }), (stories, order, limit) => {
      const listed = catalogue()
      const all = stories.map(([beganAt, endedAt], i) => ({ id: `s${i}`, ...fields(beganAt, endedAt) }))
      for (const { id, ...its } of all) listed.put(id, its)
      const sorted = all.map((its) => ({ id: its.id, key: keyIn(order, its) })).sort(inOrder(order))
      const pages: string[] = []
      for (let after = {}; pages.length < all.length; ) {
        const page = listed.list({}, { order, limit, ...after })
        expect(page.length).toBe(Math.min(limit, all.length - pages.length))
        pages.push(...page)
        const last = sorted[pages.length - 1]
        after = last ? { after: last } : {}
      }
      expect(pages).toEqual(sorted.map(({ id }) => id))
    }),
  )
})

test('a story that is told on, or forgotten, stands where it is now', () => {
  const listed = catalogue()
  listed.put('a', fields(1, null))
  listed.put('b', fields(2, null))
  listed.put('a', fields(1, 5))
  expect(listed.list({}, { order: 'urgency', limit: 5 })).toEqual(['b', 'a'])
  expect(listed.tally()).toEqual({ running: 1, waiting: 0, ended: 1, endings: { served: 1 } })
  listed.remove('b')
  expect(listed.count({ labels: ['version:1'] }, 5)).toBe(1)
  expect(listed.count({ labels: ['version:0'] }, 5)).toBe(0)
})

test('when there are too many, those that ended first are left out, and none that goes on', () => {
  const listed = catalogue(100)
  for (let i = 0; i < 60; i++) listed.put(`open ${i}`, fields(i, null))
  for (let i = 0; i < 200; i++) listed.put(`over ${i}`, fields(i, i))
  expect(listed.count({ states: ['running'] }, 1_000)).toBe(60)
  const ended = listed.count({ states: ['ended'] }, 1_000)
  expect(ended).toBeGreaterThanOrEqual(40)
  expect(ended).toBeLessThanOrEqual(50)
  expect(listed.list({ states: ['ended'] }, { order: 'urgency', limit: 1 })).toEqual(['over 199'])
})
