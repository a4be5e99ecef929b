import { randomBytes, timingSafeEqual } from 'node:crypto'
import { type RequestHandler, Router } from 'express'
import type { ConsoleSettings } from '../api.ts'
import { Problem } from './problem.ts'

/** Lets requests that change something through, or not. */
export type Writes = { readonly settings: ConsoleSettings; readonly guard: RequestHandler }

const tokenHeader = 'x-chorus-token'

/**
 * Nothing is changed unless `isWritable`. Even then a request has to show the token of `GET /settings`, which another page in the same
 * browser cannot read, and must not come from such a page. This tells a page from another one, not a person from another
 * one: whoever may reach the tracker may operate it.
 */
export function allowWrites(isWritable: boolean, environment: string): Writes {
  const token = isWritable ? randomBytes(32).toString('base64url') : null
  const guard: RequestHandler = (req, _res, next) => {
    if (token === null)
      throw new Problem('read-only', 'Start the tracker with CONSOLE_WRITE=true to operate sagas from here.')
    const origin = req.get('origin')
    if (origin !== undefined && hostOf(origin) !== req.get('host'))
      throw new Problem('foreign-origin', `A page of ${origin} cannot change anything here.`)
    if (!isSame(req.get(tokenHeader) ?? '', token))
      throw new Problem(
        'wrong-token',
        `Send the token of GET /api/v1/settings as ${tokenHeader}; a restart makes a new one.`,
      )
    if (!req.is('application/json'))
      throw new Problem('unsupported-media-type', 'Send the body as application/json.')
    next()
  }
  return { settings: { environment, isWritable, token }, guard }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** `GET /settings` */
export function settingsRoutes({ settings }: Writes): Router {
  return Router().get('/settings', (_req, res) => void res.set('Cache-Control', 'no-store').json(settings))
}
