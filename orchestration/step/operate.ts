import type { Envelope } from '#messaging'
import type { Control } from '../control.ts'
import type { Hold, JournalRow } from '../journal.ts'
import { defer, deferredEvent, type Place, takeDeferred } from './deferral.ts'
import { close, type Draft, holdOf } from './draft.ts'

const paused = 'CHORUS_PAUSED'

/** The event of the letter that a redrive brings back, or why it can still not be read. */
export type Redriven = { readonly event: Envelope; readonly at: Place } | { readonly error: string }

/** True, or in words why nothing comes of a command. Either way it is a row. */
type Taken = true | string

/** Takes an operator's command in. */
export function takeCommand(
  draft: Draft,
  { control, redriven }: { readonly control: Control; readonly redriven?: Redriven },
): JournalRow {
  draft.consumed.push(control.id)
  const taken = obey(draft, control, redriven)
  const cause = { kind: 'command' as const, ...control, ...(taken !== true && { error: taken }) }
  return close(draft, cause, taken === true ? 'applied' : 'ignored')
}

function obey(draft: Draft, control: Control, redriven: Redriven | undefined): Taken {
  switch (control.command) {
    case 'pause':
      return pause(draft, control)
    case 'resume':
      return release(draft, ({ code }) => code === paused) || 'it is not paused'
    case 'discard':
      return release(draft, isLetter(control.row)) || `nothing is held by row "${control.row}"`
    case 'redrive':
      return redrive(draft, control, redriven)
    case 'retry':
      return retry(draft)
  }
}

function pause(draft: Draft, { id, reason }: Control): Taken {
  if (draft.held.some(({ code }) => code === paused)) return 'it is paused already'
  draft.held = [...draft.held, holdOf(draft, { id, code: paused, reason })]
  return true
}

const isLetter = (row: string | undefined) => (hold: Hold) => hold.row === row && hold.code !== paused

/** Says whether there was such a hold. Without any hold left, what waited meanwhile is taken in. */
function release(draft: Draft, which: (hold: Hold) => boolean): boolean {
  const rest = draft.held.filter((hold) => !which(hold))
  if (rest.length === draft.held.length) return false
  draft.held = rest
  takeDeferred(draft)
  return true
}

/** The event takes the place that it had; what is known of it and was neither held nor given up is not taken twice. */
function redrive(draft: Draft, { row }: Control, redriven: Redriven | undefined): Taken {
  if (redriven === undefined) return 'it carries no event'
  if ('error' in redriven) return redriven.error
  const { event, at } = redriven
  const hold = draft.held.find((one) => isLetter(row)(one) && one.id === event.id)
  const isSettled = draft.head?.seen.includes(event.id) && !draft.head.givenUp?.includes(event.id)
  if (!hold && isSettled) return `"${event.type}" was taken in or discarded already`
  if (!hold) draft.consumed.push(event.id)
  draft.held = draft.held.filter((one) => one !== hold)
  defer(draft, deferredEvent(event, at, hold?.seq ?? draft.seq))
  takeDeferred(draft)
  return true
}

function retry(draft: Draft): Taken {
  const { now } = draft.context
  const { effects } = draft.pending
  if (!effects.some(({ notBefore }) => notBefore > now)) return 'no effect waits for another attempt'
  const hurried = effects.map((effect) => (effect.notBefore > now ? { ...effect, notBefore: now } : effect))
  draft.pending = { ...draft.pending, effects: hurried }
  return true
}
