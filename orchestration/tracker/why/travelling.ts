import { type Story, underWay } from '../saga-machine.ts'
import type { Viewpoint, Why } from './rule.ts'
import { list, time } from './words.ts'

export function travelling(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = underWay(story.parts)
  const responsible = first?.to[0]
  if (!first || !responsible) return undefined
  return {
    cause: 'working',
    sentence: `${first.type} is on its way from ${first.from} to ${list(first.to, 'and')} since ${time(first.at, viewpoint)}`,
    responsible,
    since: first.at,
    until: null,
    isStuck: false,
  }
}
