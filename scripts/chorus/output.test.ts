import { expect, test } from '@jest/globals'
import { table } from './output.ts'
import { harmless } from './terminal.ts'

const columns = [
  { title: 'id', cell: ({ id }: { id: string }) => id },
  { title: 'reason', cell: ({ reason }: { reason: string }) => reason },
]

test('columns are as wide as their widest cell, and a line ends where the terminal does', () => {
  const rows = [
    { id: 'a', reason: 'short' },
    { id: 'bbbb', reason: 'rather long a reason' },
  ]
  expect(table(rows, columns)).toEqual(['id    reason', 'a     short', 'bbbb  rather long a reason'])
  expect(table(rows, columns, 12)).toEqual(['id    reason', 'a     short', 'bbbb  rathe…'])
})

test('what could move the cursor, hide text or turn it round is shown instead of done', () => {
  expect(harmless('a\u001b[31mb\u009b\u0007\u202ec\r\nd\te')).toBe(
    'a\\u001b[31mb\\u009b\\u0007\\u202ec\\u000d d e',
  )
  expect(harmless('größer 😀 •••')).toBe('größer 😀 •••')
})
