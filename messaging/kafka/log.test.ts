import { expect, test } from '@jest/globals'
import kafkajs from 'kafkajs'
import { quietLogCreator } from './log.ts'

function listen() {
  const heard: string[] = []
  const clock = { now: 0 }
  const hear = (level: string) => (message: string) => heard.push(`${level} ${message}`)
  const log = quietLogCreator(
    { error: hear('error'), warn: hear('warn'), info: hear('info') },
    () => clock.now,
  )(kafkajs.logLevel.WARN)
  const say = (message: string, error?: string, namespace = 'Connection') =>
    log({
      namespace,
      level: kafkajs.logLevel.ERROR,
      label: 'ERROR',
      log: { timestamp: '', logger: 'kafkajs', message, ...(error && { error }) },
    })
  return { heard, clock, say }
}

const LOADING = 'The coordinator is loading and hence can not process requests for this group'

test('does not report a coordinator that is loading while a broker starts', () => {
  const { heard, clock, say } = listen()
  for (clock.now = 0; clock.now < 4_900; clock.now += 100) say('Crash: KafkaJSProtocolError', LOADING)
  expect(heard).toEqual([])
})

test('reports it once it has gone on for five seconds', () => {
  const { heard, clock, say } = listen()
  for (clock.now = 0; clock.now <= 5_000; clock.now += 1_000) say('Connection error: connect ECONNREFUSED')
  expect(heard).toEqual(['error kafka: Connection error: connect ECONNREFUSED'])
})

test('forgets a fault that was away for a while', () => {
  const { heard, clock, say } = listen()
  for (clock.now = 0; clock.now <= 60_000; clock.now += 6_000) say('Connection timeout')
  expect(heard).toEqual([])
})

test('never reports what is normal in a group, nor what the sender is told by its own error', () => {
  const { heard, clock, say } = listen()
  for (clock.now = 0; clock.now < 20_000; clock.now += 1_000) {
    say('The group is rebalancing, re-joining')
    say('Response Produce(key: 0, version: 7)', 'a message larger than the max message size')
    say('a message larger than the max message size', undefined, 'Producer')
  }
  expect(heard).toEqual([])
})

test('reports everything else at once', () => {
  const { heard, say } = listen()
  say('Offset out of range, resetting to default offset')
  expect(heard).toEqual(['error kafka: Offset out of range, resetting to default offset'])
})
