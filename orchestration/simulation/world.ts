import { type Broker, memoryBroker, type TopicSpec } from '#messaging'
import type { Clock } from '../clock.ts'
import { memoryStore } from '../memory-store.ts'
import type { Store } from '../store.ts'
import { drawFaults, type Faults, faultKinds } from './faults.ts'
import { type Random, randomFrom } from './random.ts'
import { createScheduler, type Scheduler } from './scheduler.ts'

/** What outlives every process of a simulated run: time, chance, the broker and the stores. */
export type World = {
  readonly scheduler: Scheduler
  /** Is right, for whoever no fault meets. */
  readonly clock: Clock
  readonly random: Random
  readonly faults: Faults<keyof typeof faultKinds>
  readonly broker: Broker
  /** Each participant has its own. */
  storeOf(participant: string): Store
  /** Ms that one way over the network takes. */
  latency(random: Random): number
}

export type WorldOptions = {
  /** Everything that is left to chance follows from it. */
  readonly seed: number
  readonly topics: readonly TopicSpec[]
  /** The store of a participant. Default: one in memory. */
  readonly store?: (participant: string) => Store
  /** Is told every line of the trace. */
  readonly onTrace?: ((line: string) => void) | undefined
}

/** Milliseconds that a delivery takes at most, when nothing is wrong with it, and when it is late. */
const delivery = { usual: 20, late: 4_000 }

/** A new world. Nothing in it has begun, and nothing happens until its scheduler runs. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { seed, topics, store = memoryStore, onTrace } = options
  const random = randomFrom(seed)
  const scheduler = createScheduler({ onTrace })
  const faults = drawFaults(faultKinds, random.fork('faults'))
  const deliveries = random.fork('deliveries')
  const stores = new Map<string, Store>()
  const slowest = random.pick([2, 8, 30])

  function later(task: () => void): void {
    const late = faults.strikes('late delivery', 'the broker')
    const ms = late
      ? deliveries.between(delivery.usual, delivery.late)
      : deliveries.between(1, delivery.usual)
    scheduler.after(ms, 'broker', task)
  }

  const broker = memoryBroker({ now: scheduler.now, later })
  const admin = await broker.admin()
  await admin.createTopics(topics)

  return {
    scheduler,
    clock: { now: scheduler.now, schedule: (ms, task) => scheduler.after(ms, 'a timer', task) },
    random,
    faults,
    broker,
    storeOf(participant) {
      const known = stores.get(participant) ?? store(participant)
      stores.set(participant, known)
      return known
    },
    latency: (own) => own.between(1, slowest),
  }
}
