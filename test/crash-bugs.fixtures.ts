import type { Broker } from '#messaging'
import { turn } from '../orchestration/manual-clock.fixtures.ts'
import type { Bug } from './crash-processes.fixtures.ts'

/** What breaks each rule below the processes. None of them shows as long as nobody dies. */
export const bugs: readonly (Bug & { readonly name: string })[] = [
  {
    name: 'an insert that says yes to a row whose id is taken',
    store: (store) => ({
      ...store,
      async insertRows(rows) {
        await store.insertRows(rows)
        return rows.map(() => 'inserted')
      },
    }),
  },
  { name: 'a send that says yes before anything is stored', broker: sendsLater },
  {
    name: 'a load that ignores the rows beyond the head',
    store: (store) => ({
      ...store,
      async readRows() {
        // Whoever tries again and again must not keep all others from running.
        await turn()
        return []
      },
    }),
  },
  { name: 'a commit of what was handed over, not of what is done', broker: commitsEarly },
  {
    name: 'a provider that charges again under a key that it knows',
    sandbox: (sandbox) => ({ ...sandbox, ledger: { ...sandbox.ledger, entryOf: () => undefined } }),
  },
]

/** A batch reaches the broker some turns after `send` has resolved, unless its process dies meanwhile. */
function sendsLater(broker: Broker): Broker {
  let isGone = false
  let stored: Promise<void> = Promise.resolve()
  return {
    ...broker,
    async producer() {
      const producer = await broker.producer()
      return {
        ...producer,
        async send(messages) {
          stored = stored.then(turn).then(async () => {
            if (!isGone) await producer.send(messages)
          })
        },
      }
    },
    async consume(options) {
      const consumer = await broker.consume(options)
      return {
        ...consumer,
        close() {
          isGone = true
          return consumer.close()
        },
      }
    },
  }
}

function commitsEarly(broker: Broker): Broker {
  return {
    ...broker,
    async consume(options) {
      const { handler } = options
      const consumer = await broker.consume({
        ...options,
        handler: {
          ...handler,
          onRecords(records) {
            void consumer.commit(records.map((record) => ({ ...record, offset: record.offset + 1n })))
            handler.onRecords(records)
          },
        },
      })
      return consumer
    },
  }
}
