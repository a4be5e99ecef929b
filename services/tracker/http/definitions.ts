import { Router } from 'express'
import type { DefinitionView } from '../api.ts'
import type { Viewer } from './viewer.ts'

/** `GET /definitions` */
export function definitionRoutes({ tracker }: Pick<Viewer, 'tracker'>): Router {
  return Router().get('/definitions', (_req, res) => {
    const definitions: DefinitionView[] = tracker.definitions
      .all()
      .map(({ emits = [], ...definition }) => ({ ...definition, emits }))
    res.json({ definitions })
  })
}
