import { expect, test } from '@jest/globals'
import { waterfall } from './waterfall.ts'

function span(spanId: string, parentId: string | null, offset: number) {
  return {
    traceId: 't',
    spanId,
    parentId,
    offset,
    service: 'cook',
    name: spanId,
    startedAt: '2026-11-23T10:00:00Z',
    duration: 1,
    isError: false,
    attributes: {},
  }
}

test('every span stands behind its parent, brothers by their start, and one without a kept parent is a root', () => {
  const spans = [
    span('late', 'root', 9),
    span('early', 'root', 1),
    span('root', null, 0),
    span('inner', 'early', 2),
    span('lost', 'gone', 5),
  ]
  expect(waterfall(spans).map(({ span, depth }) => `${depth} ${span.spanId}`)).toEqual([
    '0 root',
    '1 early',
    '2 inner',
    '1 late',
    '0 lost',
  ])
})
