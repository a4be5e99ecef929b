import type { Broker } from '#messaging'
import type { Store } from '#orchestration'
import { turn } from '../orchestration/manual-clock.fixtures.ts'

type Servers = { readonly broker: Broker; readonly store: Store }

/** The way to the servers: a request takes a turn to arrive, and is lost when its process dies meanwhile. */
export function wire({ broker, store }: Servers, isDead: () => boolean): Servers {
  async function travel(): Promise<void> {
    await turn()
    if (isDead()) await new Promise(() => {})
  }

  return {
    store: {
      ...store,
      insertRows: (rows) => travel().then(() => store.insertRows(rows)),
      writeHeads: (heads) => travel().then(() => store.writeHeads(heads)),
    },
    broker: {
      ...broker,
      async producer() {
        const producer = await broker.producer()
        return { ...producer, send: (messages) => travel().then(() => producer.send(messages)) }
      },
      async consume(options) {
        const consumer = await broker.consume(options)
        return { ...consumer, commit: (positions) => travel().then(() => consumer.commit(positions)) }
      },
    },
  }
}
