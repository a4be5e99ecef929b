import type { SagaDefinition } from '../../saga-steps.ts'
import { type DefinitionBook, definitionBook } from '../definitions.ts'
import { beginning, definitions, mealSteps, says, storyOf } from '../meal.fixtures.ts'
import type { Viewpoint } from './rule.ts'
import { sentence, whyOf } from './why.ts'

export const steps = mealSteps('m1')
export type Steps = typeof steps
export const second = (seconds: number) => beginning + seconds * 1_000
export const active = (value: unknown) => ({ value, context: {}, status: 'active' as const })

/** The guest has ordered, and what was ordered is heard by nobody. */
export function waitingGuest(): Steps {
  return steps.slice(0, 1).map((step) => ({ ...step, ...says({ id: 'e9', type: 'Heard by nobody' }) }))
}

export function why(told: Steps, seen: Partial<Viewpoint> = {}) {
  const found = whyOf(storyOf(told), viewpoint(seen))
  if (!found) throw new Error('the saga has ended')
  return found
}

export function say(told: Steps, seen: Partial<Viewpoint> = {}): string {
  return sentence(storyOf(told), viewpoint(seen))
}

export function viewpoint(seen: Partial<Viewpoint>): Viewpoint {
  return { definitions: bookOf(definitions), lag: { groups: [] }, now: second(4.5), ...seen }
}

export function bookOf(published: readonly SagaDefinition[]): DefinitionBook {
  const book = definitionBook()
  for (const each of published) book.add(each)
  return book
}
