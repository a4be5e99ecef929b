import { z } from 'zod'
import { causeKinds, type Place, type StoryOrder, type StoryQuery } from '#orchestration'
import type { CauseKind } from '../api.ts'
import { Problem } from './problem.ts'

/**
 * The API's causes are those of the rules. It imports nothing, so that the console can read it; so they are compared: a cause that only the API
 * names does not compile here, one that only the rules name not in saga-summary.ts.
 */
const causes: { readonly [Cause in CauseKind]: Cause } = z.enum(causeKinds).enum

const text = z.string().trim().min(1).max(300).optional()

/** The query of `GET /sagas`: `SagaQuery` as it comes in an address. */
export const sagaQuery = z.object({
  q: text,
  state: z.enum(['running', 'waiting', 'ended', 'active']).optional(),
  step: text,
  ending: text,
  cause: z.enum(causes).optional(),
  version: text,
  olderThan: z.coerce.number().int().nonnegative().optional(),
  overdue: z.stringbool().optional(),
  sort: z.enum(['oldest', 'newest']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().optional(),
})

type Parsed = z.output<typeof sagaQuery>

/** What the store is asked for. */
export function storyQuery(query: Parsed, now: number): StoryQuery {
  const { q, state, step, ending, version, olderThan, overdue } = query
  const labels = [...(step ? [`step:${step}`] : []), ...(version ? [`version:${version}`] : [])]
  return {
    ...(q !== undefined && { id: q }),
    ...(state && { states: state === 'active' ? ['running', 'waiting'] : [state] }),
    ...(labels.length > 0 && { labels }),
    ...(ending !== undefined && { ending }),
    ...(olderThan !== undefined && { beganBefore: now - olderThan }),
    ...(overdue && { dueBefore: now }),
  }
}

export function orderOf({ sort }: Parsed): StoryOrder {
  return sort ?? 'urgency'
}

const cursorShape = z.tuple([z.enum(['urgency', 'oldest', 'newest']), z.int(), z.string().min(1)])

export function cursorAt(order: StoryOrder, { key, id }: Place): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url')
}

/** Throws a `Problem` for a cursor of another order, or of nobody. */
export function placeIn(order: StoryOrder, cursor: string): Place {
  try {
    const [from, key, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    if (from === order) return { key, id }
  } catch {
    // Whatever is wrong with it, it is not ours.
  }
  throw new Problem('invalid-cursor', 'Take it from the page before, unchanged, or leave it out.')
}
