import { Router } from 'express'
import type { Stuck } from '../api.ts'
import { sagaSummary } from './saga-summary.ts'
import { iso, type Viewer, viewpointOf } from './viewer.ts'

/** Sagas of each group that are shown; `GET /sagas?cause=` lists them all. */
const shown = 20

/** `GET /stuck` */
export function stuckRoutes(viewer: Viewer): Router {
  return Router().get('/stuck', async (_req, res) => void res.json(await stuckOf(viewer)))
}

async function stuckOf(viewer: Viewer): Promise<Stuck> {
  const { sagas, isPartial } = await viewer.survey()
  const viewpoint = viewpointOf(viewer)
  const stuck = sagas.filter(({ why }) => why.isStuck)
  const groups = Map.groupBy(stuck, ({ why: { cause, responsible } }) => JSON.stringify([cause, responsible]))
  const views = [...groups.values()].flatMap((members) => {
    const [first] = members.toSorted((a, b) => a.why.since - b.why.since)
    if (!first) return []
    const { cause, responsible, since } = first.why
    const sagas = members.slice(0, shown).map(({ story }) => sagaSummary(story, viewpoint))
    return [{ cause, responsible, count: members.length, oldest: iso(since), sagas }]
  })
  return {
    looked: sagas.length,
    isPartial,
    groups: views.sort((a, b) => (a.oldest < b.oldest ? -1 : 1)),
  }
}
