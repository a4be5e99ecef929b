import { type RequestHandler, Router } from 'express'
import { type Passed, passed } from '#orchestration'
import type { MilestoneView, ProgressView } from '../api.ts'
import { sagaSummary } from './saga-summary.ts'
import { iso, type Viewer, viewpointOf } from './viewer.ts'

/** Sagas in which one id stands that are shown. */
const shown = 20

/** `GET /progress/{id}` */
export function progressRoutes(viewer: Viewer): Router {
  return Router().get('/progress/:id', showProgress(viewer))
}

function showProgress(viewer: Viewer): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const { id } = req.params
    const store = viewer.tracker.stories()
    const [stories, total] = await Promise.all([
      store.list({ id }, { order: 'urgency', limit: shown }),
      store.count({ id }, shown + 1),
    ])
    const viewpoint = viewpointOf(viewer)
    const answer: ProgressView = {
      sagas: stories.map((story) => ({
        ...sagaSummary(story, viewpoint),
        milestones: passed(story, viewer.milestones).map(milestoneView),
      })),
      isPartial: total > shown,
    }
    res.json(answer)
  }
}

function milestoneView({ name, standing, at }: Passed): MilestoneView {
  return { name, standing, at: iso(at) }
}
