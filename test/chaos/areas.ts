import { regulars } from './cast.ts'
import type { PlannedFault } from './schedule.ts'

type Hit = Pick<PlannedFault, 'kind' | 'target'>

/** What a fault starts, stops or changes, and undoes at its end: no other fault may do so meanwhile. */
export function inUse({ kind, target }: Hit): readonly string[] {
  if (kind !== 'roll-out') return [target]
  return regulars.filter(({ service }) => service === target).map(({ id }) => id)
}

/** What a plan keeps for a fault alone: of two at once, one would meet nothing. */
export function areasOf(fault: Hit): readonly string[] {
  const { kind, target } = fault
  if (kind === 'small-messages') return ['kafka']
  if (kind === 'sandbox-outage' || kind === 'sandbox-slow') return ['sandbox']
  // Whoever starts needs every server, and a start that fails proves nothing.
  const everything = ['kafka', 'store', 'registry']
  if (kind === 'roll-out' || kind === 'join-service' || kind === 'shift-clock')
    return [...inUse(fault), ...everything]
  const [own = target] = target.split('/')
  return [own]
}
