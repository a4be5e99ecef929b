import { controlTopic } from '../control.ts'
import type { Definitions } from './definitions.ts'
import { awaitedEvents, delayName, stateName } from './machine-definition.ts'
import { type Part, type Story, underWay } from './saga-machine.ts'
import type { StoryEffect } from './story.ts'

/** What a saga's story is looked at with. `now`: epoch milliseconds; times of the same UTC day are said without their date. */
export type Viewpoint = { readonly definitions: Pick<Definitions, 'of'>; readonly now: number }

type Rule = (story: Story, viewpoint: Viewpoint) => string | undefined

/** First match wins: what holds the saga up stands before what merely takes its time. */
const rules: readonly Rule[] = [
  held,
  waitingForPerson,
  retrying,
  travelling,
  working,
  waitingForTimer,
  waiting,
]

/** The one plain sentence that says what the saga does now, or what it waits for, from whom and until when. */
export function sentence(story: Story, viewpoint: Viewpoint): string {
  if (story.state === 'ended') return ended(story)
  for (const rule of rules) {
    const said = rule(story, viewpoint)
    if (said !== undefined) return said
  }
  return unstarted(story, viewpoint)
}

/** The event types that this part waits for, and the nearest time at which it goes on by itself. */
export function waitsFor(
  participant: string,
  part: Part,
  { definitions }: Viewpoint,
): { readonly events: readonly string[]; readonly until: number | null; readonly timer: string | null } {
  if (part.status !== 'active') return { events: [], until: null, timer: null }
  const { definition } = definitions.of(participant, part.version) ?? {}
  const next = part.timers.toSorted((a, b) => a.dueAt - b.dueAt)[0]
  return {
    events: awaitedEvents(definition, part.state),
    until: next?.dueAt ?? null,
    timer: next ? delayName(definition, part.state, next.event) : null,
  }
}

function ended({ parts }: Story): string {
  const endings = byBeginning(parts)
    .filter(([, { status }]) => status !== 'unstarted')
    .map(([participant, part]) => `${participant} ${ending(part)}`)
  return `Ended: ${endings.join(', ') || 'no participant has started'}`
}

function ending({ state, status }: Part): string {
  return status === 'done' ? stateName(state) : `stopped with an error in \`${stateName(state)}\``
}

function held({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = byBeginning(parts)
    .flatMap(([participant, part]) => (part.held ?? []).map((hold) => ({ participant, hold })))
    .sort((a, b) => a.hold.at - b.hold.at)
  if (!first) return undefined
  const { participant, hold } = first
  const since = `since ${time(hold.at, viewpoint)}`
  return hold.code === 'CHORUS_PAUSED'
    ? `Paused by an operator in ${participant} ${since}: ${shortened(hold.reason)}`
    : `Held in ${participant} ${since} until a dead letter is redriven or discarded (row ${hold.row}): ${shortened(hold.reason)}`
}

/** Only events of its own control topic would change something: those that an operator sends. */
function waitingForPerson({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = active(parts)
    .map(([participant, part]) => ({ participant, part, ...waitsFor(participant, part, viewpoint) }))
    .filter(({ participant, part, events, until }) => {
      const { listensTo = [] } = viewpoint.definitions.of(participant, part.version) ?? {}
      const isSignal = (type: string) =>
        listensTo.some((event) => event.type === type && event.topic === controlTopic(participant))
      return until === null && part.effects.length === 0 && events.length > 0 && events.every(isSignal)
    })
  if (!first) return undefined
  const { participant, part, events } = first
  return `${where(participant, part)} waits for a person since ${time(part.at, viewpoint)}: ${list(events, 'or')}`
}

function retrying({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = effects(parts).filter(({ effect }) => effect.error !== undefined)
  if (!first) return undefined
  const { participant, effect } = first
  const when =
    effect.notBefore > viewpoint.now ? `again at ${time(effect.notBefore, viewpoint)}` : 'again now'
  const limit = effect.deadlineAt === undefined ? '' : `, gives up at ${time(effect.deadlineAt, viewpoint)}`
  return `${participant} tries ${effect.id} ${when} (attempt ${effect.attempt}${limit}); the last error: ${shortened(effect.error ?? '')}`
}

function travelling({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = underWay(parts)
  if (!first) return undefined
  return `${first.type} is on its way from ${first.from} to ${list(first.to, 'and')} since ${time(first.at, viewpoint)}`
}

function working({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = effects(parts)
  if (!first) return undefined
  const { participant, part, effect } = first
  const limit =
    effect.deadlineAt === undefined ? '' : ` until ${time(effect.deadlineAt, viewpoint)} at the latest`
  return `Waiting in ${where(participant, part)} for ${effect.id}, attempt ${effect.attempt}, since ${time(effect.startedAt, viewpoint)}${limit}`
}

function waitingForTimer({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = active(parts)
    .map(([participant, part]) => ({ participant, part, ...waitsFor(participant, part, viewpoint) }))
    .flatMap((wait) => (wait.until === null ? [] : [{ ...wait, until: wait.until }]))
    .sort((a, b) => a.until - b.until)
  if (!first) return undefined
  const events = first.events.length > 0 ? ` for ${list(first.events, 'or')}` : ''
  return `Waiting in ${where(first.participant, first.part)}${events} until ${time(first.until, viewpoint)}; timer ${first.timer}`
}

function waiting({ parts }: Story, viewpoint: Viewpoint): string | undefined {
  const [first] = active(parts)
  if (!first) return undefined
  const [participant, part] = first
  const { events } = waitsFor(participant, part, viewpoint)
  const what = events.length > 0 ? list(events, 'or') : 'an event that its definition would name'
  return `Waiting in ${where(participant, part)} for ${what}, with no time limit`
}

/** What is left: events have come to participants whose part does not begin with them. */
function unstarted({ parts }: Story, viewpoint: Viewpoint): string {
  const keepers = byBeginning(parts).filter(([, { deferred }]) => deferred.length > 0)
  const waits = keepers.map(([participant, { deferred, timers }]) => {
    const types = deferred.map(({ type }) => type)
    const until = timers[0] ? ` until ${time(timers[0].dueAt, viewpoint)}` : ''
    return `${participant} to start, which keeps ${list(types, 'and')}${until}`
  })
  return `Waiting for ${list(waits, 'and')}`
}

/** A sentence stays readable: the whole error stands with the effect. */
function shortened(error: string): string {
  return error.length > 120 ? `${error.slice(0, 119)}…` : error
}

function effects(parts: Story['parts']): { participant: string; part: Part; effect: StoryEffect }[] {
  return byBeginning(parts)
    .flatMap(([participant, part]) => part.effects.map((effect) => ({ participant, part, effect })))
    .sort((a, b) => a.effect.startedAt - b.effect.startedAt)
}

function active(parts: Story['parts']): [string, Part][] {
  return byBeginning(parts).filter(([, { status }]) => status === 'active')
}

function byBeginning(parts: Story['parts']): [string, Part][] {
  return Object.entries(parts).sort(([, a], [, b]) => a.startedAt - b.startedAt)
}

function where(participant: string, { state }: Part): string {
  return `\`${stateName(state)}\` (${participant})`
}

function list(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}

function time(at: number, { now }: Viewpoint): string {
  const [day, clock] = `${new Date(at).toISOString().slice(0, 19)}Z`.split('T')
  return new Date(now).toISOString().startsWith(String(day)) ? String(clock) : `${day}T${clock}`
}
