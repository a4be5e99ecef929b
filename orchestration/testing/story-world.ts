import type { Envelope } from '#messaging'
import { afterFailure } from '../effects/effect-attempt.ts'
import type { PendingEffect } from '../journal.ts'
import type { SpokenEvent } from './happenings.ts'
import { lineOf } from './listing.ts'
import { type Due, envelope, hear, nextDue, rowsOf, type Stage, settle, take } from './stage.ts'
import { isLater, type StandIn, silence } from './stand-ins.ts'

export type Said = { readonly by: string; readonly event: SpokenEvent }

/** Several participants' parts of one saga, and what is under way between them. */
export type World = {
  readonly effects: Readonly<Record<string, StandIn>>
  now: number
  readonly stages: Stage[]
  /** Said, and not yet heard by everybody who listens. */
  readonly underWay: Envelope[]
  /** Topics of which nothing is heard. */
  readonly lagging: Set<string>
  /** Calls that were made, by participant, key and attempt; one that answers later, with its time. */
  readonly calls: Map<string, 'silent' | { readonly at: number; readonly output: unknown }>
  readonly said: Said[]
  /** All that happened, a line each. */
  readonly told: string[]
}

export function copyOf(world: World): World {
  const { stages, underWay, lagging, calls, said, told } = world
  return {
    ...world,
    stages: [...stages],
    underWay: [...underWay],
    lagging: new Set(lagging),
    calls: new Map(calls),
    said: [...said],
    told: [...told],
  }
}

/** Somebody outside says something. Throws when nobody listens. */
export function sayOutside(world: World, event: SpokenEvent): void {
  const listener = world.stages.find(({ part }) => part.listensTo.has(event.type))
  if (!listener) throw new Error(`nobody in this story listens to "${event.type}"`)
  const id = `${event.type}-${world.told.length + 1}`
  world.underWay.push(envelope({ ...listener, now: world.now }, event, id))
  calmDown(world)
}

/** What was silent answers, or is refused, after all. Throws when nobody asked for it. */
export function answerTo(world: World, actor: string, outcome: Parameters<typeof settle>[2]): void {
  const isMeant = ({ id, src }: PendingEffect) => id === actor || src === actor
  const asks = ({ head }: Stage) => head?.effects.some(isMeant) === true
  const asked = ({ steps }: Stage) => rowsOf(steps).some((row) => row.effects.started.some(isMeant))
  const stage = world.stages.find(asks) ?? world.stages.find(asked)
  if (!stage) throw new Error(`nobody in this story asked for "${actor}"`)
  step(world, stage, (own) => settle(own, actor, outcome))
  calmDown(world)
}

/** The clock moves on; whatever falls due on the way happens at its time, with all that comes of it. */
export function passTime(world: World, ms: number): void {
  const end = world.now + ms
  for (let next = firstDue(world); next && next.at <= end; next = firstDue(world)) {
    world.now = Math.max(world.now, next.at)
    next.run()
    calmDown(world)
  }
  world.now = end
}

/** Whoever listens to a topic falls behind, or catches up. */
export function setLag(world: World, topic: string, lags: boolean): void {
  if (lags) world.lagging.add(topic)
  else world.lagging.delete(topic)
  calmDown(world)
}

/** Until nobody has anything to do now: first everything is heard, then one effect is called, and so on. */
function calmDown(world: World): void {
  for (;;) {
    const event = nextHeard(world)
    if (event) deliver(world, event)
    else if (!callNext(world)) return
  }
}

function nextHeard({ underWay, lagging, stages }: World): Envelope | undefined {
  const topicOf = ({ type }: Envelope) => stages[0]?.part.contracts.events[type]?.topic ?? ''
  const next = underWay.findIndex((event) => !lagging.has(topicOf(event)))
  return next === -1 ? undefined : underWay.splice(next, 1)[0]
}

function deliver(world: World, event: Envelope): void {
  for (const stage of world.stages)
    if (stage.part.listensTo.has(event.type)) step(world, stage, (own) => hear(own, event))
}

function step(world: World, stage: Stage, go: (stage: Stage) => Stage): void {
  const { part, sagaId, steps } = stage
  const next = go({ ...stage, now: world.now })
  world.stages[world.stages.indexOf(stage)] = next
  for (const made of next.steps.slice(steps.length)) {
    world.told.push(`${part.name}: ${lineOf(made)}`)
    for (const { id, type, data, trace } of 'row' in made ? made.row.emitted : []) {
      world.said.push({ by: part.name, event: { type, ...data } })
      world.underWay.push({ id, type, source: part.name, sagaId, time: world.now, trace, data })
    }
  }
}

/** Says whether there was an effect to call. */
function callNext(world: World): boolean {
  for (const stage of world.stages) {
    const effect = uncalled(world, stage).find(({ notBefore }) => notBefore <= world.now)
    if (!effect) continue
    call(world, stage, effect)
    return true
  }
  return false
}

function uncalled(world: World, { part, head }: Stage): readonly PendingEffect[] {
  return (head?.effects ?? []).filter((effect) => !world.calls.has(nameOfCall(part.name, effect)))
}

function nameOfCall(participant: string, { key, failures }: PendingEffect): string {
  return `${participant}/${key}/${failures}`
}

function call(world: World, stage: Stage, effect: PendingEffect): void {
  const { now, calls, effects } = world
  const name = nameOfCall(stage.part.name, effect)
  calls.set(name, 'silent')
  try {
    const output = (effects[effect.src] ?? (() => silence))(effect.input, effect.failures + 1)
    if (output === silence) return
    if (isLater(output)) calls.set(name, { at: now + output.later, output: output.output })
    else step(world, stage, (own) => settle(own, effect.id, { output }))
  } catch (error) {
    const result = afterFailure(stage.part, effect, error, { now, random: () => 0.5 })
    step(world, stage, (own) => take(own, result, `${effect.id} fails`))
  }
}

type Next = { readonly at: number; run(): void }

/** The first thing that only waits for its time; of several at one time, that of the participant who stands first. */
function firstDue(world: World): Next | undefined {
  const dues = world.stages.flatMap((stage): Next[] => [
    ...happeningBy(world, stage, nextDue(stage)),
    ...uncalled(world, stage).map(({ notBefore }) => ({ at: notBefore, run() {} })),
    ...(stage.head?.effects ?? []).flatMap((effect): Next[] => answeredLater(world, stage, effect)),
  ])
  return dues.sort((a, b) => a.at - b.at)[0]
}

function happeningBy(world: World, stage: Stage, due: Due | undefined): Next[] {
  if (!due) return []
  return [{ at: due.at, run: () => step(world, stage, (own) => take(own, due.incoming, due.what)) }]
}

function answeredLater(world: World, stage: Stage, effect: PendingEffect): Next[] {
  const made = world.calls.get(nameOfCall(stage.part.name, effect))
  if (!made || made === 'silent') return []
  const { at, output } = made
  return [{ at, run: () => step(world, stage, (own) => settle(own, effect.id, { output })) }]
}
