import { expect, test } from '@jest/globals'
import { steady } from './steady.ts'

type Row = { readonly id: string; readonly said?: string }
const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id }))
const idOf = ({ id }: Row) => id

test('rows under the pointer keep their places, whatever the new order is', () => {
  expect(steady(rows('a', 'b', 'c'), rows('c', 'a', 'b'), idOf)).toEqual({
    rows: rows('a', 'b', 'c'),
    waiting: 0,
  })
})

test('their content changes, those that left stay as they were last, and new ones wait', () => {
  const news = [{ id: 'n' }, { id: 'b', said: 'ended' }]
  expect(steady(rows('a', 'b'), news, idOf)).toEqual({
    rows: [{ id: 'a' }, { id: 'b', said: 'ended' }],
    waiting: 1,
  })
})
