import { expect, test } from '@jest/globals'
import { costsOf, type Plant } from './costs.fixtures.ts'
import type { Tally } from './counting.fixtures.ts'
import { delivered, refused, type Way } from './workload.ts'

/** Requests, documents and bytes per order. Whoever has made it cheaper lowers them; whoever has to raise one says why. */
const bounds: readonly { way: Way; orders: number; most: Tally }[] = [
  {
    way: delivered,
    orders: 1,
    most: {
      sends: 7,
      commits: 4,
      messages: 13,
      messageBytes: 12_200,
      inserts: 8,
      headWrites: 3,
      reads: 0,
      documents: 11,
      documentBytes: 11_500,
    },
  },
  {
    way: delivered,
    orders: 128,
    most: {
      sends: 0.5,
      commits: 0.1,
      messages: 13,
      messageBytes: 12_200,
      inserts: 0.8,
      headWrites: 0.1,
      reads: 0,
      documents: 11,
      documentBytes: 11_500,
    },
  },
  {
    way: refused,
    orders: 1,
    most: {
      sends: 8,
      commits: 4,
      messages: 16,
      messageBytes: 14_900,
      inserts: 10,
      headWrites: 3,
      reads: 0,
      documents: 13,
      documentBytes: 13_800,
    },
  },
]

/** What costs more than it may. */
function excess(costs: Tally, most: Tally): string[] {
  return Object.entries(costs)
    .filter(([name, cost]) => cost > most[name as keyof Tally])
    .map(([name, cost]) => `${name}: ${cost} instead of ${most[name as keyof Tally]}`)
}

test.each(bounds)(
  '$orders at once: an order that is $way.name costs what it may',
  async ({ way, orders, most }) => {
    expect(excess(await costsOf(way, orders), most)).toEqual([])
  },
)

const [alone] = bounds as [(typeof bounds)[number]]

const plants: readonly { what: string; plant: Plant; noticed: string }[] = [
  {
    what: 'a look-up before each step',
    plant: {
      store: (store) => ({
        ...store,
        async insertRows(rows) {
          await store.readHeads(rows.map(({ sagaId }) => sagaId))
          return await store.insertRows(rows)
        },
      }),
    },
    noticed: 'reads: 8 instead of 0',
  },
  {
    what: 'a request for each message',
    plant: {
      broker: (broker) => ({
        ...broker,
        async producer() {
          const producer = await broker.producer()
          return {
            ...producer,
            async send(messages) {
              for (const message of messages) await producer.send([message])
            },
          }
        },
      }),
    },
    noticed: 'sends: 13 instead of 7',
  },
  {
    what: 'a row that says its state a second time',
    plant: {
      store: (store) => ({
        ...store,
        insertRows: (rows) => store.insertRows(rows.map((row) => ({ ...row, again: row.state }))),
      }),
    },
    noticed: 'documentBytes: ',
  },
]

test.each(plants)('$what is noticed', async ({ plant, noticed }) => {
  const found = excess(await costsOf(alone.way, alone.orders, plant), alone.most)
  expect(found).toEqual([expect.stringContaining(noticed)])
})
