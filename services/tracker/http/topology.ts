import { Router } from 'express'
import type { Contracts } from '#messaging'
import type { Definitions } from '#orchestration'
import type { Seen, Traffic } from '#orchestration/operations'
import type { Topology } from '../api.ts'

export type TopologyApi = {
  readonly contracts: Contracts
  readonly definitions: Pick<Definitions, 'newest' | 'sayersOf'>
  readonly traffic: Pick<Traffic, 'seen'>
  /** Records of the topic that the group has not committed; `null` while it is not known. */
  readonly lagOf: (group: string, topic: string) => number | null
}

/** Who is no participant: whoever calls the APIs, and operators. */
export const outside = 'outside'

type Edge = Topology['edges'][number]
/** One type of event on its way from a service into a topic, or out of it. */
type Lane = { readonly from: string; readonly to: string; readonly type: string }

/** `GET /topology` */
export function topologyRoutes(api: TopologyApi): Router {
  return Router().get('/topology', (_req, res) => void res.json(topologyOf(api)))
}

/** Every service and topic, and what goes between them: declared by contracts and definitions, or only seen. */
export function topologyOf(api: TopologyApi): Topology {
  const declared = declaredLanes(api)
  const seen = new Map<string, number>()
  for (const { lane, perMinute } of api.traffic.seen().flatMap((one) => seenLanes(one, api)))
    seen.set(nameOf(lane), (seen.get(nameOf(lane)) ?? 0) + perMinute)
  const known = new Set(declared.map(nameOf))
  const undeclared = [...seen.keys()].filter((name) => !known.has(name)).map(laneOf)
  const edges = [...edgesOf(declared, 'declared', seen, api), ...edgesOf(undeclared, 'undeclared', seen, api)]
  const services = new Set(api.definitions.newest().map(({ participant }) => participant))
  const topics = new Set(Object.values(api.contracts.events).map(({ topic }) => topic))
  for (const { participant } of api.traffic.seen()) services.add(participant)
  for (const { from, to } of edges)
    for (const name of [from, to])
      if (name === outside) services.add(name)
      else if (!services.has(name)) topics.add(name)
  return { services: [...services].sort(), topics: [...topics].sort(), edges }
}

/** An event that no participant can say is said from outside. */
function declaredLanes({ contracts, definitions }: TopologyApi): Lane[] {
  const said = Object.values(contracts.events).flatMap(({ type, topic }) => {
    const sayers = definitions.sayersOf(type)
    return (sayers.length > 0 ? sayers : [outside]).map((from) => ({ from, to: topic, type }))
  })
  const heard = definitions
    .newest()
    .flatMap(({ participant, listensTo }) =>
      listensTo.map(({ type, topic }) => ({ from: topic, to: participant, type })),
    )
  return [...said, ...heard]
}

/** What was heard from a source that is no participant was said from outside: nobody else tells of it. */
function seenLanes({ participant, type, heard, perMinute }: Seen, { contracts, definitions }: TopologyApi) {
  if (!heard)
    return [
      { lane: { from: participant, to: contracts.events[type]?.topic ?? '(no topic)', type }, perMinute },
    ]
  const { topic, source } = heard
  const into = { lane: { from: topic, to: participant, type }, perMinute }
  const isParticipant = definitions.newest().some((one) => one.participant === source)
  return isParticipant ? [into] : [{ lane: { from: outside, to: topic, type }, perMinute }, into]
}

function edgesOf(
  lanes: readonly Lane[],
  kind: Edge['kind'],
  seen: ReadonlyMap<string, number>,
  { lagOf }: TopologyApi,
): Edge[] {
  const pairs = Map.groupBy(lanes, ({ from, to }) => JSON.stringify([from, to]))
  return [...pairs].map(([pair, own]) => {
    const [from, to] = JSON.parse(pair) as [string, string]
    const events = own.map((lane) => ({ type: lane.type, perMinute: seen.get(nameOf(lane)) ?? 0 }))
    return {
      from,
      to,
      kind,
      events: events.sort((a, b) => a.type.localeCompare(b.type)),
      lag: lagOf(to, from),
    }
  })
}

const nameOf = ({ from, to, type }: Lane): string => JSON.stringify([from, to, type])

function laneOf(name: string): Lane {
  const [from, to, type] = JSON.parse(name) as [string, string, string]
  return { from, to, type }
}
