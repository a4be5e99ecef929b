import { partitionOf } from '#messaging'
import type { GroupReading, PartitionReading } from '../lag/watch-lag.ts'
import { type Story, type UnderWay, underWay } from '../saga-machine.ts'
import { pendingEffects, pendingTimers } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { time } from './words.ts'

/** An event that is on its way for less is simply on its way, in ms. */
const patience = 3_000

/** Whoever has to move next is not there: no process of its group is connected. */
export function unread(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = awaited(story).filter(({ group }) => readingOf(group, viewpoint)?.members === 0)
  if (!first) return undefined
  const { group, since, what } = first
  return {
    cause: 'no-consumer',
    sentence: `No process of ${group} is running: ${what} waits for it since ${time(since, viewpoint)}`,
    responsible: group,
    since,
    until: null,
    isStuck: true,
  }
}

/** Whoever has to move next is there, and has not come to the event yet. */
export function lagging(story: Story, viewpoint: Viewpoint): Why | undefined {
  for (const event of underWay(story.parts)) {
    if (viewpoint.now - event.at < patience) continue
    for (const group of event.to) {
      const behind = partitionBehind(story.sagaId, event, group, viewpoint)
      if (behind) return lagWhy(event, group, behind, viewpoint)
    }
  }
  return undefined
}

function lagWhy(event: UnderWay, group: string, behind: PartitionReading, viewpoint: Viewpoint): Why {
  const { topic, partition, lag } = behind
  const records = lag === 1n ? '1 record' : `${lag} records`
  return {
    cause: 'lag',
    sentence: `${group} has not read ${event.type} yet, which ${event.from} said at ${time(event.at, viewpoint)}: it is ${records} behind in ${topic}, partition ${partition}`,
    responsible: group,
    since: event.at,
    until: null,
    isStuck: true,
  }
}

/** The part of its topics in which this group has not passed the event. */
function partitionBehind(
  sagaId: string,
  event: UnderWay,
  group: string,
  viewpoint: Viewpoint,
): PartitionReading | undefined {
  const topic = topicOf(event, group, viewpoint)
  const partitions = readingOf(group, viewpoint)?.partitions.filter((it) => it.topic === topic) ?? []
  const its = partitions.find(({ partition }) => partition === partitionOf(sagaId, partitions.length))
  // The first record that is not committed may be younger: then this event was passed.
  return its?.oldest && its.oldest.after <= event.at ? its : undefined
}

function topicOf({ type }: UnderWay, group: string, { definitions }: Viewpoint): string | undefined {
  const listener = definitions.newest().find(({ participant }) => participant === group)
  return listener?.listensTo.find((event) => event.type === type)?.topic
}

function readingOf(group: string, { lag }: Viewpoint): GroupReading | undefined {
  return lag.groups.find((reading) => reading.group === group)
}

type Awaited = { readonly group: string; readonly since: number; readonly what: string }

/** Who has to move, and since when: listeners of events on their way, then owners of effects, then of timers that are due. */
function awaited(story: Story): Awaited[] {
  return [
    ...underWay(story.parts).flatMap(({ type, from, to, at }) =>
      to.map((group) => ({ group, since: at, what: `${type} from ${from}` })),
    ),
    ...pendingEffects(story).map(({ participant, effect }) => ({
      group: participant,
      since: effect.startedAt,
      what: effect.id,
    })),
    ...pendingTimers(story).map(({ participant, part }) => ({
      group: participant,
      since: part.at,
      what: `the timer of ${participant}`,
    })),
  ]
}
