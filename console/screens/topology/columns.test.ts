import { expect, test } from '@jest/globals'
import { columnsOf, type Edge, rateOf } from './columns.ts'

const edge = (from: string, to: string, ...rates: number[]): Edge => ({
  from,
  to,
  events: rates.map((perMinute, i) => ({ type: `E${i}`, perMinute })),
  kind: 'declared',
  lag: null,
})

test('who says stands left, who hears right, topics between them near their sayers, and unused topics nowhere', () => {
  const columns = columnsOf({
    services: ['cook', 'guest'],
    topics: ['guest.events', 'cook.events', 'empty'],
    edges: [edge('guest', 'guest.events'), edge('cook', 'cook.events'), edge('guest.events', 'cook')],
  })
  expect(columns.sayers).toEqual(['cook', 'guest'])
  expect(columns.topics).toEqual(['cook.events', 'guest.events'])
  expect(columns.hearers).toEqual(['cook'])
  expect(columns.edges.map(({ says }) => says)).toEqual([true, true, false])
})

test('the rate of a line is that of all its events', () => {
  expect(rateOf(edge('a', 'b', 1.5, 2))).toBe(3.5)
})
