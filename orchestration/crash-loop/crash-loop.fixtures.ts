import type { BrokerRecord, Codec, Envelope } from '#messaging'
import { desk } from '../booking.fixtures.ts'
import type { MortalProcess } from '../faults.fixtures.ts'
import { memoryStore } from '../memory-store.ts'
import type { Stage } from '../stage.fixtures.ts'
import type { Store } from '../store.ts'
import type { Mark } from './mark.ts'

export type Prepare = (process: MortalProcess, codec: Codec) => Codec

/** What a codec is asked to read, in this order, and what comes between. */
export function reading(
  interfere: (record: BrokerRecord, process: MortalProcess) => Promise<Envelope> | undefined,
) {
  const read: string[] = []
  const prepare: Prepare = (process, codec) => ({
    ...codec,
    decode(record) {
      read.push(`${record.headers.ce_type} ${record.key}`)
      return interfere(record, process) ?? codec.decode(record)
    },
  })
  return { read, prepare }
}

/** A desk whose process dies, and no code of it can do anything about that, when it reads about this saga. */
export function dyingAt(sagaId: string) {
  const deaths = { count: 0 }
  const { read, prepare } = reading(({ key }, process) => {
    if (key !== sagaId) return undefined
    deaths.count++
    void process.kill()
    return new Promise(() => {})
  })
  return { read, prepare, deaths }
}

/** A store that keeps in mind what marks were written. */
export function watchedStore(): { store: Store; written: Mark[] } {
  const store = memoryStore()
  const written: Mark[] = []
  const write = (batch: readonly Mark[]) => {
    written.push(...batch)
    return store.marks.write(batch)
  }
  return { store: { ...store, marks: { ...store.marks, write } }, written }
}

/** Starts a desk that dies, until one lives and has handled everything; returns the number of lives. */
export async function lives(
  { start, until, lag }: Stage,
  { prepare, deaths }: ReturnType<typeof dyingAt>,
): Promise<number> {
  for (let life = 1; life < 20; life++) {
    const before = deaths.count
    await start(desk(), prepare)
    await until(
      'it has died, or handled everything',
      async () => deaths.count > before || (await lag()) === 0n,
    )
    if (deaths.count === before) return life
  }
  throw new Error('nobody lives')
}

/** Two owners have died without having committed anything. */
export async function afterTwoDeaths(shop: Stage, part = desk()): Promise<void> {
  for (let life = 0; life < 2; life++) {
    let died = false
    await shop.start(part, (process, codec) => ({
      ...codec,
      decode() {
        died = true
        void process.kill()
        return new Promise(() => {})
      },
    }))
    await shop.until('it has died', () => died)
  }
}
