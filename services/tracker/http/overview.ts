import { Router } from 'express'
import { overdueAfter } from '#orchestration'
import type { Overview } from '../api.ts'
import { worstPartition } from './lag.ts'
import { iso, type Viewer } from './viewer.ts'

const mostCounted = 10_000

/** `GET /overview` */
export function overviewRoutes(viewer: Viewer): Router {
  return Router().get('/overview', async (_req, res) => void res.json(await overviewOf(viewer)))
}

async function overviewOf({ tracker, survey, openLetters, now }: Viewer): Promise<Overview> {
  const at = now()
  const store = tracker.stories()
  const [{ endings, ...counts }, overdue, { sagas, isPartial }] = await Promise.all([
    store.tally(),
    store.count({ dueBefore: at - overdueAfter }, mostCounted),
    survey(),
  ])
  const { since, ...rebuild } = tracker.rebuild()
  return {
    at: iso(at),
    counts,
    endings,
    minutes: tracker.rates.minutes(at).map(({ minute, ...counts }) => ({ minute: iso(minute), ...counts })),
    duration: tracker.rates.durations(at),
    overdue,
    stuck: sagas.filter(({ why }) => why.isStuck).length,
    isStuckPartial: isPartial,
    deadLetters: openLetters(),
    worstLag: worstPartition(tracker.lag(), at),
    brokerError: tracker.lag().error,
    tracker: { ...rebuild, since: iso(since) },
  }
}
