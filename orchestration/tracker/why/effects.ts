import type { Story } from '../saga-machine.ts'
import { pendingEffects } from './parts.ts'
import type { Viewpoint, Why } from './rule.ts'
import { shortened, time, where } from './words.ts'

/** An effect that has failed for longer than this is worth a look, in ms. */
const patience = 10_000

/** An attempt has failed, and another one is scheduled. */
export function retrying(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = pendingEffects(story).filter(({ effect }) => effect.error !== undefined)
  if (!first) return undefined
  const { participant, effect } = first
  const { id, attempt, notBefore, startedAt, deadlineAt = null, error = '' } = effect
  const when = notBefore > viewpoint.now ? `again at ${time(notBefore, viewpoint)}` : 'again now'
  const limit = deadlineAt === null ? '' : `, gives up at ${time(deadlineAt, viewpoint)}`
  return {
    cause: 'retry',
    sentence: `${participant} tries ${id} ${when} (attempt ${attempt}${limit}); the last error: ${shortened(error)}`,
    responsible: participant,
    since: startedAt,
    until: deadlineAt,
    isStuck: viewpoint.now - startedAt > patience,
  }
}

export function working(story: Story, viewpoint: Viewpoint): Why | undefined {
  const [first] = pendingEffects(story)
  if (!first) return undefined
  const { participant, part, effect } = first
  const { id, attempt, startedAt, deadlineAt = null } = effect
  const limit = deadlineAt === null ? '' : ` until ${time(deadlineAt, viewpoint)} at the latest`
  return {
    cause: 'working',
    sentence: `Waiting in ${where(participant, part)} for ${id}, attempt ${attempt}, since ${time(startedAt, viewpoint)}${limit}`,
    responsible: participant,
    since: startedAt,
    until: deadlineAt,
    isStuck: false,
  }
}
