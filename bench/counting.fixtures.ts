import type { Broker, OutgoingMessage } from '#messaging'
import type { Store } from '#orchestration'

/** Requests, and what is in them, added up. */
export type Tally = {
  /** Requests of the broker: sends and commits. What it hands over comes by itself in memory, and is not counted. */
  sends: number
  commits: number
  messages: number
  /** Keys, values and headers. */
  messageBytes: number
  /** Requests of the store. */
  inserts: number
  headWrites: number
  reads: number
  /** Rows and heads that were written; bytes as JSON. */
  documents: number
  documentBytes: number
}

export function emptyTally(): Tally {
  return {
    sends: 0,
    commits: 0,
    messages: 0,
    messageBytes: 0,
    inserts: 0,
    headWrites: 0,
    reads: 0,
    documents: 0,
    documentBytes: 0,
  }
}

export function countingBroker(broker: Broker, tally: Tally): Broker {
  return {
    ...broker,
    async producer() {
      const producer = await broker.producer()
      return {
        ...producer,
        send(messages) {
          tally.sends++
          tally.messages += messages.length
          tally.messageBytes += sum(messages.map(bytesOf))
          return producer.send(messages)
        },
      }
    },
    async consume(options) {
      const consumer = await broker.consume(options)
      return {
        ...consumer,
        commit(positions) {
          tally.commits++
          return consumer.commit(positions)
        },
      }
    },
  }
}

/** Without `dueHeads`: the clock asks for what is due, no order does. */
export function countingStore(store: Store, tally: Tally): Store {
  function write(documents: readonly unknown[]): void {
    tally.documents += documents.length
    tally.documentBytes += sum(documents.map((document) => JSON.stringify(document).length))
  }

  return {
    ...store,
    insertRows(rows) {
      tally.inserts++
      write(rows)
      return store.insertRows(rows)
    },
    writeHeads(heads) {
      tally.headWrites++
      write(heads)
      return store.writeHeads(heads)
    },
    readRows(ids) {
      tally.reads++
      return store.readRows(ids)
    },
    readHeads(ids) {
      tally.reads++
      return store.readHeads(ids)
    },
    history(sagaId) {
      tally.reads++
      return store.history(sagaId)
    },
  }
}

function bytesOf({ key, value, headers }: OutgoingMessage): number {
  const pairs = Object.entries(headers).map(([name, text]) => name.length + Buffer.byteLength(text))
  return Buffer.byteLength(key) + (value?.length ?? 0) + sum(pairs)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
