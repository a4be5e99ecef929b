import { expect, test } from '@jest/globals'
import { contracts, topics } from '#contracts'

const topic = (name: string) => topics.find((topic) => topic.name === name)
const retention = (name: string) => Number(topic(name)?.settings['retention.ms'])
const carriers = [...new Set(Object.values(contracts.events).map((event) => event.topic))]

const owners = [...new Set(Object.values(contracts.events).map(({ owner }) => owner))]

test('all topics that carry events have the same number of partitions, so that one process owns an order in each', () => {
  expect(new Set(carriers.map((name) => topic(name)?.partitions))).toEqual(new Set([12]))
})

test('every participant has a topic for what operators say to it, cut and kept like those of the events', () => {
  for (const owner of owners)
    expect(topic(`${owner}.control`)).toEqual({ ...topic('order.events'), name: `${owner}.control` })
})

test('every participant has a topic for its dead letters', () => {
  for (const owner of owners) expect(topic(`${owner}.dlt`)).toMatchObject({ partitions: 1 })
})

test('the story of a saga and its dead letters outlive its events', () => {
  for (const carrier of carriers) {
    for (const name of ['saga.steps', 'order.dlt'])
      expect(retention(name)).toBeGreaterThan(retention(carrier))
  }
})

test('the definitions of the machines are kept for ever, the newest of each', () => {
  expect(topic('saga.definitions')?.settings).toMatchObject({ 'cleanup.policy': 'compact' })
})
