import { describe, expect, test } from '@jest/globals'
import { edges, orphans, type ReceivedSpan } from './trace-edges.ts'

function span(
  service: string,
  name: string,
  spanId: string,
  parentSpanId?: string,
  traceId = 't1',
): ReceivedSpan {
  return {
    traceId,
    spanId,
    ...(parentSpanId && { parentSpanId }),
    name,
    service,
    kind: 'internal',
    attributes: {},
    links: [],
    start: 0,
    end: 1,
    status: { code: 'unset' },
  }
}

describe('edges', () => {
  test('say who caused whom, each once and sorted, whatever the order of arrival', () => {
    const spans = [
      span('bass', 'process songs', 'c', 'b'),
      span('alto', 'send songs', 'b', 'a'),
      span('tenor', 'process songs', 'd', 'b'),
      span('tenor', 'process songs', 'e', 'b'),
      span('alto', 'POST /songs', 'a'),
    ]
    expect(edges(spans)).toEqual([
      'alto: POST /songs → alto: send songs',
      'alto: send songs → bass: process songs',
      'alto: send songs → tenor: process songs',
    ])
  })

  test('never join two traces, even when they use the same span id', () => {
    expect(edges([span('alto', 'send', 'a'), span('bass', 'process', 'b', 'a', 't2')])).toEqual([])
  })
})

describe('orphans', () => {
  test('are the spans whose parent is missing, and roots are none', () => {
    const torn = span('bass', 'process', 'b', 'lost')
    const foreign = span('bass', 'process', 'c', 'a', 't2')
    expect(orphans([span('alto', 'send', 'a'), span('bass', 'process', 'd', 'a'), torn, foreign])).toEqual([
      torn,
      foreign,
    ])
  })
})
