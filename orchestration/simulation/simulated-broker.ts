import type {
  Broker,
  Consumer,
  ConsumerOptions,
  OutgoingMessage,
  Position,
  Producer,
  TopicPartition,
} from '#messaging'
import type { SimulatedProcess } from './process.ts'
import { remote } from './simulated-store.ts'
import type { World } from './world.ts'

/** Milliseconds after which a group goes on without a member of which it hears nothing: drawn for each process. */
const sessionTimeout = { least: 1_000, most: 8_000 }

/** Milliseconds until a member hears that its group has shared out the partitions anew. */
const notice = { usual: 50, late: 8_000 }

/** A broker as a process reaches it. It notices deaths, and processes that stand still, as Kafka does: when their session times out. */
export function simulatedBroker(world: World, process: SimulatedProcess, broker: Broker): Broker {
  return {
    async producer() {
      return simulatedProducer(process, await process.call('connects', { work: () => broker.producer() }))
    },
    consume: (options) => simulatedConsumer(world, process, broker, options),
    async admin() {
      const { close, ...admin } = await broker.admin()
      return { ...remote(process, 'admin', admin), close }
    },
  }
}

function simulatedProducer(process: SimulatedProcess, producer: Producer): Producer {
  /** Each topic lies elsewhere; what goes to one of them is stored whole or not at all. */
  async function sendSome(messages: readonly OutgoingMessage[]): Promise<void> {
    const reached = new Map(messages.map(({ topic }) => [topic, process.random.chance(0.5)]))
    await producer.send(messages.filter(({ topic }) => reached.get(topic)))
  }

  return {
    send: (messages) =>
      process.call(`sends ${messages.length}`, {
        work: () => producer.send(messages),
        torn: { fault: 'torn send', work: () => sendSome(messages) },
        doubled: 'doubled send',
      }),
    close: () => producer.close(),
  }
}

async function simulatedConsumer(
  { scheduler, faults }: World,
  process: SimulatedProcess,
  broker: Broker,
  options: ConsumerOptions,
): Promise<Consumer> {
  const { name, participant, random, wake, call } = process
  const { handler } = options
  const session = random.between(sessionTimeout.least, sessionTimeout.most)
  let member: Consumer | undefined
  /** Of the assignment, as the group counts, and as far as the process has heard: what an earlier one has brought is void. */
  let generation = 0
  let known = 0
  let joining = false
  let stopped = false
  let left = false
  let expelled = true

  async function join(): Promise<void> {
    if (!expelled || left || !process.isAlive()) return
    expelled = false
    joining = true
    const consuming = broker.consume({ ...options, handler: { onRecords, onAssigned, onFatal } })
    joining = false
    member = await consuming
  }

  const onRecords: typeof handler.onRecords = (records) => {
    const mine = generation
    wake(() => mine === generation && !stopped && handler.onRecords(records))
  }

  const onFatal = (error: Error) => wake(() => handler.onFatal?.(error))

  function onAssigned(partitions: readonly TopicPartition[]): void {
    const mine = ++generation
    if (joining) {
      tell(partitions)
      return
    }
    // Nothing comes before the notice.
    member?.pause(partitions)
    const late = faults.strikes('late notice', participant)
    const ms = random.between(1, late ? notice.late : notice.usual)
    const label = `${name} is assigned ${partitions.length}`
    scheduler.after(ms, label, () =>
      wake(() => {
        if (mine !== generation) return
        member?.resume(partitions)
        tell(partitions)
      }),
    )
  }

  function tell(partitions: readonly TopicPartition[]): void {
    known = generation
    handler.onAssigned?.(partitions)
  }

  /** Nothing was heard of it for a whole session. */
  function expel(): void {
    expelled = true
    void member?.close()
  }

  /** A group takes no commits of a member that has not heard of the newest assignment. */
  async function commit(positions: readonly Position[], as: number): Promise<void> {
    if (as === generation && !expelled) await member?.commit(positions)
  }

  async function leave(): Promise<void> {
    left = true
    await member?.close()
  }

  const expelLater = () => void scheduler.after(session, `the session of ${name} ends`, expel)

  process.onDeath(expelLater)
  process.onStall((ms) => {
    if (ms <= session) return
    expelLater()
    const label = `${name} joins again`
    scheduler.after(ms + random.between(1, 2_000), label, () => wake(() => void join()))
  })
  await call('joins', { work: join })

  return {
    commit(positions) {
      const as = known
      return call('commits', { work: () => commit(positions, as) })
    },
    pause(partitions) {
      if (known === generation) member?.pause(partitions)
    },
    resume(partitions) {
      if (known === generation) member?.resume(partitions)
    },
    async stopFetching() {
      stopped = true
      await member?.stopFetching()
    },
    close: () => call('leaves', { work: leave }).catch(expelLater),
  }
}
