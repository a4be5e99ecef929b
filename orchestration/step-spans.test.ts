import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { assign } from 'xstate'
import { activeTraceContext, shutdownTracing, startTracing } from '#observability'
import { type OtlpEndpoint, startOtlpEndpoint } from '../test/otlp-endpoint.ts'
import type { ReceivedSpan } from '../test/trace-edges.ts'
import { desk, deskOf, patience } from './booking.fixtures.ts'
import { type Stage, stage } from './stage.fixtures.ts'

let endpoint: OtlpEndpoint
let set: Stage

beforeEach(async () => {
  endpoint = await startOtlpEndpoint()
  startTracing({ service: 'desk', endpoint: endpoint.url })
  set = await stage()
})
afterEach(async () => {
  await shutdownTracing()
  await endpoint.close()
})

async function spansOf(name: string): Promise<readonly ReceivedSpan[]> {
  await shutdownTracing()
  return endpoint.spans().filter((span) => span.name === name)
}

const context = (span: ReceivedSpan | undefined) => ({ traceId: span?.traceId, spanId: span?.spanId })

test('a new attempt is the child of the step that asked for it, linked with the one that took in the failure before', async () => {
  const seen: (string | undefined)[] = []
  const run = async () => {
    seen.push(activeTraceContext().traceparent)
    if (seen.length === 1) throw new Error('nobody there')
    return { room: 7 }
  }
  await set.start(desk({ run }))
  for (const type of ['Book', 'Arrived']) await set.say(type, 'b-1')
  await set.until('checked in', async () => (await set.head('b-1'))?.state?.value === 'checkedIn')
  const [first, second] = await spansOf('desk.checkIn')
  const [failed] = await spansOf('desk.checkIn answer')
  expect(seen[1]).toContain(second?.spanId)
  expect([first?.links, second?.links]).toEqual([[], [context(failed)]])
  expect(second).toMatchObject({ traceId: first?.traceId, parentSpanId: first?.parentSpanId })
})

test('a redriven record goes on in its own trace, linked with the step that failed', async () => {
  let broken = true
  const fragile = assign(() => {
    if (broken) throw new Error('no such room')
    return {}
  })
  const states = { a: { on: { Book: 'b' } }, b: { on: { Sat: { target: 'c', actions: fragile } } }, c: {} }
  await set.start(deskOf({ initial: 'a', states }))
  for (const type of ['Book', 'Sat']) await set.say(type, 'b-1')
  await set.settled('b-1')
  await set.until('the letter is there', () => set.deadLetters.length === 1)
  broken = false
  const row = (await set.head('b-1'))?.held?.[0]?.row
  await set.operate('redrive', 'b-1', row)
  await set.until('it goes on', async () => (await set.head('b-1'))?.state?.value === 'c')
  const spans = await spansOf('process guest.events')
  const [redriven] = await spansOf('process desk.control')
  expect(redriven?.links).toEqual([context(spans.at(-1))])
  expect(spans.at(-1)?.status.code).toBe('error')
})

test('what comes in another trace is linked with the step for which the saga waits', async () => {
  await set.start()
  for (const type of ['Book', 'Sat', 'Noted']) await set.say(type, 'b-1')
  await set.settled('b-1')
  const [sat, noted] = await spansOf('process guest.events')
  expect(noted?.traceId).not.toBe(sat?.traceId)
  expect([sat?.links, noted?.links]).toEqual([[], [context(sat)]])
})

test('every span says whose it is, and what came of a step; none is longer than its work', async () => {
  await set.start({ ...desk(), businessKey: 'booking.id' })
  for (const type of ['Book', 'Sat']) await set.say(type, 'b-1')
  await set.settled('b-1')
  set.clock.advance(patience)
  await set.until('lapsed', async () => (await set.head('b-1'))?.state?.value === 'lapsed')
  const [fired] = await spansOf('timer patience')
  const spans = endpoint.spans()
  for (const { attributes } of spans)
    expect(attributes).toMatchObject({ 'saga.id': 'b-1', 'booking.id': 'b-1', 'saga.participant': 'desk' })
  expect(fired?.attributes).toMatchObject({
    'saga.state': 'lapsed',
    'saga.seq': 3,
    'saga.outcome': 'applied',
  })
  for (const { start, end } of spans) expect(end - start).toBeLessThan(patience)
})
