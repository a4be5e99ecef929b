import type { RequestHandler } from 'express'
import { z } from 'zod'
import { type StoryQuery, timeline } from '#orchestration'
import type { TrackerApi } from './app.ts'
import { Problem } from './problem.ts'
import { sagaSummary, sagaView } from './saga-view.ts'

const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().optional(),
})

/** `GET /sagas`: newest first, a page at a time. */
export function listSagas({ store, definitions, now }: TrackerApi): RequestHandler {
  return async (req, res) => {
    const { limit, cursor } = queryOf(req.query)
    // One more than asked for tells whether there is a next page.
    const query: StoryQuery = { limit: limit + 1, ...(cursor !== undefined && { after: place(cursor) }) }
    const found = await store.listStories(query)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    const next = last && cursorAfter({ beganAt: last.beganAt, id: last.sagaId })
    const viewpoint = { definitions, now: now() }
    if (next) res.links({ next: `/sagas?${new URLSearchParams({ limit: String(limit), cursor: next })}` })
    res.json({ sagas: page.map((story) => sagaSummary(story, viewpoint)), ...(next && { next }) })
  }
}

/** `GET /sagas/{id}`: the whole story of one saga. */
export function showSaga({ store, definitions, now }: TrackerApi): RequestHandler<{ sagaId: string }> {
  return async (req, res) => {
    const { sagaId } = req.params
    const [story] = await store.readStories([sagaId])
    if (!story) {
      throw new Problem(
        'saga-not-found',
        `No step of saga "${sagaId}" has come to the tracker (yet), or it was too long ago.`,
      )
    }
    const steps = await store.stepsOf(story)
    res.json(sagaView(story, timeline(steps), { definitions, now: now() }))
  }
}

function queryOf(query: unknown): z.infer<typeof listQuery> {
  const parsed = listQuery.safeParse(query)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Problem('invalid-request', faults.join('; '))
}

type Place = NonNullable<StoryQuery['after']>

const cursorShape = z.tuple([z.int().nonnegative(), z.string().min(1)])

function cursorAfter({ beganAt, id }: Place): string {
  return Buffer.from(JSON.stringify([beganAt, id])).toString('base64url')
}

function place(cursor: string): Place {
  try {
    const [beganAt, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { beganAt, id }
  } catch (cause) {
    throw new Problem('invalid-cursor', 'Take it from the page before, unchanged, or leave it out.', {
      cause,
    })
  }
}
