import { type Request, type RequestHandler, Router } from 'express'
import type { z } from 'zod'
import { fieldsOf, keyIn, type Page, pageOf, type Story, type StoryQuery, timeline } from '#orchestration'
import type { SagaList } from '../api.ts'
import { Problem } from './problem.ts'
import { cursorAt, orderOf, placeIn, sagaQuery, storyQuery } from './saga-query.ts'
import { sagaSummary } from './saga-summary.ts'
import { sagaView } from './saga-view.ts'
import { valid } from './valid.ts'
import { type Viewer, viewpointOf } from './viewer.ts'

/** Sagas of one answer are counted so far. */
const mostCounted = 10_000

/** `GET /sagas` and `GET /sagas/{id}`. */
export function sagaRoutes(viewer: Viewer): Router {
  return Router().get('/sagas', listSagas(viewer)).get('/sagas/:sagaId', showSaga(viewer))
}

function listSagas(viewer: Viewer): RequestHandler {
  return async (req, res) => {
    const query = valid(sagaQuery, req.query)
    const order = orderOf(query)
    const after = query.cursor === undefined ? {} : { after: placeIn(order, query.cursor) }
    // One more than asked for tells whether there is a next page.
    const { stories, total, isPartial } = await find(viewer, query, {
      order,
      limit: query.limit + 1,
      ...after,
    })
    const page = stories.slice(0, query.limit)
    const last = stories.length > query.limit ? page.at(-1) : undefined
    const next = last && cursorAt(order, { key: keyIn(order, fieldsOf(last)), id: last.sagaId })
    if (next) res.links({ next: addressOf(req, next) })
    const viewpoint = viewpointOf(viewer)
    const answer: SagaList = {
      sagas: page.map((story) => sagaSummary(story, viewpoint)),
      total,
      isPartial,
      ...(next && { next }),
    }
    res.json(answer)
  }
}

type Found = { readonly stories: readonly Story[] } & Pick<SagaList, 'total' | 'isPartial'>

async function find(viewer: Viewer, query: z.output<typeof sagaQuery>, page: Page): Promise<Found> {
  const wanted = storyQuery(query, viewer.now())
  if (query.cause) return await findByCause(viewer, query.cause, wanted, page)
  const store = viewer.tracker.stories()
  const [stories, total] = await Promise.all([store.list(wanted, page), store.count(wanted, mostCounted)])
  return { stories, total, isPartial: false }
}

/** Causes are in no database: they are found in the survey. */
async function findByCause(
  { survey }: Viewer,
  cause: string,
  { id, ...wanted }: StoryQuery,
  page: Page,
): Promise<Found> {
  const { sagas, isPartial } = await survey()
  const stories = sagas
    .filter(({ why, story }) => why.cause === cause && (!id || fieldsOf(story).ids.includes(id)))
    .map(({ story }) => story)
  const all = { order: page.order, limit: stories.length }
  return { stories: pageOf(stories, wanted, page), total: pageOf(stories, wanted, all).length, isPartial }
}

function showSaga(viewer: Viewer): RequestHandler<{ sagaId: string }> {
  return async (req, res) => {
    const { sagaId } = req.params
    const store = viewer.tracker.stories()
    const [story] = await store.read([sagaId])
    if (!story) {
      throw new Problem(
        'saga-not-found',
        `No step of saga "${sagaId}" has come to the tracker (yet), or it was too long ago.`,
      )
    }
    res.json(sagaView(story, timeline(await store.stepsOf(sagaId)), viewer))
  }
}

/** The same question again, from this cursor on. */
function addressOf({ baseUrl, path, query }: Request, cursor: string): string {
  const next = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...query, cursor }))
    if (typeof value === 'string') next.set(name, value)
  return `${baseUrl}${path}?${next}`
}
