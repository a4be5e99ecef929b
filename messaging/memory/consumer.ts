import type { Consumer, ConsumerOptions, TopicPartition } from '../broker.ts'
import type { Member, MemoryGroup } from './group.ts'
import type { MemoryLog } from './log.ts'

/** Records that are handed over at a time: enough to let batches grow, few enough to feel a `pause`. */
const FETCH_RECORDS = 500

/** `busy`: what it holds will be handed over without another call. */
type Fetching = TopicPartition & { next: bigint; busy: boolean }

export type MemoryConsumer = Consumer & {
  /** Something may have been appended. */
  wake(): void
}

/** What a consumer needs of its broker. */
type Surroundings = {
  readonly log: MemoryLog
  readonly group: MemoryGroup | undefined
  readonly later: (task: () => void) => void
  readonly onClose: () => void
}

/** One consumer of a memory broker. With a group it is a member, without it reads every partition. */
export function memoryConsumer(
  { log, group, later, onClose }: Surroundings,
  { topics, handler, startFrom = 'earliest' }: ConsumerOptions,
): MemoryConsumer {
  const paused = new Set<string>()
  let fetching: readonly Fetching[] = []
  let stopped = false

  const member: Member = {
    assign(partitions) {
      assign(topics.flatMap((topic) => partitions.map((partition) => ({ topic, partition }))))
    },
  }

  function assign(partitions: readonly TopicPartition[]): void {
    paused.clear()
    fetching = partitions.map((at) => ({ ...at, next: group?.committed(at) ?? start(at), busy: false }))
    call(() => handler.onAssigned?.(partitions))
    wake()
  }

  function start({ topic, partition }: TopicPartition): bigint {
    return startFrom === 'latest' ? log.end(topic, partition) : 0n
  }

  function call(handle: () => void): void {
    try {
      handle()
    } catch (error) {
      close()
      handler.onFatal?.(error as Error)
    }
  }

  function close(): void {
    stopped = true
    group?.leave(member)
    onClose()
  }

  function wake(): void {
    if (!stopped) for (const at of fetching) fetchSoon(at)
  }

  function fetchSoon(at: Fetching): void {
    if (at.busy || log.end(at.topic, at.partition) <= at.next || paused.has(name(at))) return
    at.busy = true
    const assigned = fetching
    later(() => {
      at.busy = false
      if (!stopped && assigned === fetching && !paused.has(name(at))) fetch(at)
    })
  }

  function fetch(at: Fetching): void {
    const records = log.read(at.topic, at.partition, at.next, FETCH_RECORDS)
    at.next += BigInt(records.length)
    call(() => handler.onRecords(records))
    fetchSoon(at)
  }

  if (group) group.join(member)
  else assign(topics.flatMap((topic) => everyPartition(log, topic)))

  return {
    wake,
    async commit(positions) {
      group?.commit(member, positions)
    },
    pause(partitions) {
      for (const at of partitions) paused.add(name(at))
    },
    resume(partitions) {
      for (const at of partitions) paused.delete(name(at))
      wake()
    },
    async stopFetching() {
      stopped = true
    },
    close: async () => close(),
  }
}

function everyPartition(log: MemoryLog, topic: string): TopicPartition[] {
  return Array.from({ length: log.partitions(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
}

function name({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}
