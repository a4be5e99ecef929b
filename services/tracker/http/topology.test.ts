import { expect, test } from '@jest/globals'
import type { Contracts } from '#messaging'
import type { Seen } from '#orchestration/operations'
import { topologyOf } from './topology.ts'

const contract = (type: string, owner: string, topic: string) => ({
  ...{ type, owner, topic, subject: type },
  schema: { type: 'record', name: type, fields: [] } as const,
})

const contracts = {
  events: {
    OrderMeal: contract('OrderMeal', 'guest', 'guest.commands'),
    MealOrdered: contract('MealOrdered', 'guest', 'guest.events'),
    MealServed: contract('MealServed', 'kitchen', 'kitchen.events'),
  },
} as unknown as Contracts

const guest = {
  participant: 'guest',
  hears: [
    { type: 'OrderMeal', topic: 'guest.commands' },
    { type: 'MealServed', topic: 'kitchen.events' },
  ],
  emits: ['MealOrdered'],
}
const kitchen = {
  participant: 'kitchen',
  hears: [{ type: 'MealOrdered', topic: 'guest.events' }],
  emits: ['MealServed'],
}

const definitions = {
  newest: () =>
    [guest, kitchen].map(({ participant, hears, emits }) => ({
      ...{ participant, version: '1', definition: {}, listensTo: hears, emits },
    })),
  sayersOf: (type: string) =>
    [guest, kitchen].filter(({ emits }) => emits.includes(type)).map(({ participant }) => participant),
}

function topology(...seen: readonly Seen[]) {
  const lagOf = (group: string, topic: string) => (group === 'kitchen' && topic === 'guest.events' ? 7 : null)
  return topologyOf({ contracts, definitions, traffic: { seen: () => seen }, lagOf })
}

const edge = (from: string, to: string) => (one: { from: string; to: string }) =>
  one.from === from && one.to === to

test('what contracts and definitions say is drawn before anything was seen, commands from outside', () => {
  const { services, topics, edges } = topology()
  expect(services).toEqual(['guest', 'kitchen', 'outside'])
  expect(topics).toEqual(['guest.commands', 'guest.events', 'kitchen.events'])
  expect(edges.map(({ from, to, kind }) => `${from} → ${to} ${kind}`).sort()).toEqual([
    'guest → guest.events declared',
    'guest.commands → guest declared',
    'guest.events → kitchen declared',
    'kitchen → kitchen.events declared',
    'kitchen.events → guest declared',
    'outside → guest.commands declared',
  ])
  expect(edges.find(edge('guest.events', 'kitchen'))).toMatchObject({
    events: [{ type: 'MealOrdered', perMinute: 0 }],
    lag: 7,
  })
})

test('what was seen has its rate; who spoke from outside is told by whoever heard it', () => {
  const { edges } = topology(
    { participant: 'guest', type: 'MealOrdered', perMinute: 2 },
    {
      participant: 'kitchen',
      type: 'MealOrdered',
      heard: { topic: 'guest.events', source: 'guest' },
      perMinute: 3,
    },
    {
      participant: 'guest',
      type: 'OrderMeal',
      heard: { topic: 'guest.commands', source: 'waiter' },
      perMinute: 4,
    },
  )
  const rates = edges.map(({ from, to, events }) => [`${from} → ${to}`, events[0]?.perMinute])
  expect(Object.fromEntries(rates)).toMatchObject({
    'guest → guest.events': 2,
    'guest.events → kitchen': 3,
    'outside → guest.commands': 4,
    'guest.commands → guest': 4,
  })
  expect(edges.filter(({ kind }) => kind === 'undeclared')).toEqual([])
})

test('what nobody declared stands out: an event of a stranger, and one that its machine does not mention', () => {
  const { edges } = topology(
    { participant: 'kitchen', type: 'MealBurnt', perMinute: 1 },
    {
      participant: 'guest',
      type: 'MealServed',
      heard: { topic: 'kitchen.events', source: 'stranger' },
      perMinute: 1,
    },
  )
  expect(edges.filter(({ kind }) => kind === 'undeclared')).toMatchObject([
    { from: 'kitchen', to: '(no topic)', events: [{ type: 'MealBurnt', perMinute: 1 }] },
    { from: 'outside', to: 'kitchen.events', events: [{ type: 'MealServed' }] },
  ])
})
