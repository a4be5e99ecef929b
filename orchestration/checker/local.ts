import type { Head, MachineState } from '../journal.ts'
import { topLevelStates } from '../machine/state-value.ts'
import type { Participant } from '../participant.ts'
import { unstarted } from '../step/draft.ts'
import type { Incoming } from '../step/step.ts'
import type { Interner } from './interner.ts'

/** An event or a command as the checker knows it: by what it says, and who says it. */
export type Said = {
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  readonly from: string
}

/** What a participant's part is, without what only tells one run from another: no ids, times or sequence numbers. */
export type Local = {
  readonly state: MachineState | null
  /** Numbers of the events that wait, in their order. */
  readonly waiting: readonly number[]
  readonly timers: readonly PendingTimer[]
  readonly effects: readonly PendingCall[]
}

export type PendingTimer = { readonly id: string; readonly event: string }

export type PendingCall = {
  readonly id: string
  readonly src: string
  readonly input: unknown
  /** The outside has done it already, and the answer was lost. */
  readonly performed: boolean
}

/** What may happen to a part. */
export type Stimulus =
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'timer'; readonly id: string }
  | {
      readonly kind: 'answer'
      readonly id: string
      readonly status: 'done' | 'error'
      readonly value: unknown
    }

export const nothingStarted: Local = { state: null, waiting: [], timers: [], effects: [] }

/** The same in every run. */
const sagaId = 'saga'
const place = { topic: '', partition: 0, offset: '0' }
const seq = 1

export const context = { sagaId, partition: 0, now: 0, attempt: '', trace: {} }

export const keyOf = (id: string): string => `${id}@${seq}`

/** A part's name in a scene. */
export function sceneName({ state }: Local): string {
  if (state === null) return 'absent'
  return topLevelStates(state.value).join(' + ')
}

/** The timer that gives up what waits for a part that nobody starts. */
export const isGivingUp = ({ id }: PendingTimer): boolean => id === unstarted

/** The head that the runtime would have stored. */
export function headOf(local: Local, part: Participant, said: Interner<Said>): Head | null {
  const { state, waiting, timers, effects } = local
  if (state === null && waiting.length === 0) return null
  const deferred = waiting.map((event, index) => {
    const { type, data, from: source } = said.valueOf(event)
    return {
      id: `waiting ${index}`,
      type,
      data,
      source,
      time: 0,
      trace: {},
      ...place,
      seq: index - waiting.length,
    }
  })
  const calls = effects.map(({ id, src, input }) => {
    const never = { idempotencyKey: '', startedAt: 0, failures: 0, notBefore: 0, trace: {} }
    return { key: keyOf(id), id, src, input, ...never }
  })
  return {
    _id: sagaId,
    seq,
    version: part.version,
    partition: 0,
    state,
    seen: [],
    deferred,
    timers: timers.map(({ id, event }) => ({ key: keyOf(id), id, event, dueAt: 0, trace: {} })),
    effects: calls,
    dueAt: null,
    startedAt: 0,
    at: 0,
  }
}

/** The part that a head tells of. A call stays performed only as the very same call: one that was started anew is another one. */
export function localOf(head: Head, before: Local, said: Interner<Said>): Local {
  const performed = new Set(before.effects.filter((call) => call.performed).map(({ id }) => keyOf(id)))
  return {
    state: head.state,
    waiting: head.deferred.map(({ type, data, source: from }) => said.idOf({ type, data, from })),
    timers: head.timers.map(({ id, event }) => ({ id, event })).sort(byId),
    effects: head.effects
      .map(({ key, id, src, input }) => ({ id, src, input, performed: performed.has(key) }))
      .sort(byId),
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1
}

/** What the runtime would be handed. */
export function incomingOf(stimulus: Stimulus, said: Interner<Said>): Incoming {
  switch (stimulus.kind) {
    case 'event': {
      const { type, data, from: source } = said.valueOf(stimulus.event)
      const event = { id: 'now', type, data, source, sagaId, time: 0, trace: {} }
      return { kind: 'event', event, at: place }
    }
    case 'timer':
      return { kind: 'timer', key: keyOf(stimulus.id) }
    case 'answer':
      return { kind: 'answer', key: keyOf(stimulus.id), status: stimulus.status, value: stimulus.value }
  }
}
