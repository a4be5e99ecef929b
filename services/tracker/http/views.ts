import type { Router } from 'express'
import { definitionRoutes } from './definitions.ts'
import { lagRoutes } from './lag.ts'
import { overviewRoutes } from './overview.ts'
import { progressRoutes } from './progress.ts'
import { sagaRoutes } from './sagas.ts'
import { stuckRoutes } from './stuck.ts'
import type { Viewer } from './viewer.ts'

/** Everything of the API that only shows. */
export function viewRoutes(viewer: Viewer): Router[] {
  const all = [sagaRoutes, progressRoutes, overviewRoutes, stuckRoutes, lagRoutes, definitionRoutes]
  return all.map((routes) => routes(viewer))
}
