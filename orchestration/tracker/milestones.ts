import type { Story } from './saga-machine.ts'

/** A step of the way that a saga is meant to go, and the event that says it is done. */
export type Milestone = { readonly name: string; readonly type: string }

/** Where a saga stands to it. `next`: the first one that is to come. `open`: it may still come. `closed`: it will not come any more. */
export type Passed = Milestone & {
  readonly standing: 'reached' | 'next' | 'open' | 'closed'
  /** When it was reached, in epoch milliseconds. */
  readonly at: number | null
}

/** How far a saga is on its way. One that is undoing may turn up anywhere, so it has no next milestone. */
export function passed({ state, parts }: Story, milestones: readonly Milestone[]): Passed[] {
  const said = Object.values(parts).flatMap((part) => part.said)
  const times = milestones.map(({ type }) => said.filter((event) => event.type === type).map(({ at }) => at))
  const last = times.findLastIndex((at) => at.length > 0)
  const isUndoing = Object.values(parts).some(({ isCompensating }) => isCompensating)
  return milestones.map((milestone, i) => {
    const at = times[i]?.length ? Math.min(...times[i]) : null
    if (at !== null) return { ...milestone, standing: 'reached', at }
    if (state === 'ended' || i < last) return { ...milestone, standing: 'closed', at }
    return { ...milestone, standing: i === last + 1 && !isUndoing ? 'next' : 'open', at }
  })
}
