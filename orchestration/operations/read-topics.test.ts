import { expect, test } from '@jest/globals'
import { memoryBroker } from '#messaging'
import { systemClock } from '../clock.ts'
import { manualClock, turn } from '../manual-clock.fixtures.ts'
import { readSpans, spansOf } from './read-topics.ts'

async function filled() {
  const broker = memoryBroker()
  await (await broker.admin()).createTopics([{ name: 'a', partitions: 3 }])
  const messages = Array.from({ length: 30 }, (_, i) => ({
    topic: 'a',
    key: `k-${i}`,
    value: null,
    headers: {},
  }))
  await (await broker.producer()).send(messages)
  return broker
}

test('topics are read to where they end, and one that does not exist holds nothing', async () => {
  const broker = await filled()
  const keys = new Set<string | null>()
  const spans = await spansOf(broker, ['a', 'nowhere'])
  await readSpans({ broker, clock: systemClock, spans, onRecord: ({ key }) => keys.add(key) })
  expect(keys.size).toBe(30)
})

test('a broker that falls silent before the end is an error that names what is left', async () => {
  const broker = await filled()
  const clock = manualClock()
  const spans = (await spansOf(broker, ['a'])).map((span) =>
    span.partition === 1 ? { ...span, end: span.end + 1n } : span,
  )
  let ending: unknown
  readSpans({ broker, clock, spans, onRecord() {} }).catch((error) => {
    ending = error
  })
  for (let i = 0; i < 1_000 && ending === undefined; i++) {
    clock.advance(100)
    await turn()
  }
  expect(String(ending)).toContain('all of a/1.')
})
