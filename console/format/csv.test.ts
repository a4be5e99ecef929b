import { expect, test } from '@jest/globals'
import { csv } from './csv.ts'

test('cells with commas, quotes and line breaks come through, and none is a formula', () => {
  const rows = [
    { id: '1', said: 'waits, "for long"', lag: 3 },
    { id: '=1+1', said: 'two\nlines', lag: null },
  ]
  expect(csv(rows)).toBe('id,said,lag\r\n1,"waits, ""for long""",3\r\n\'=1+1,"two\nlines",')
})
