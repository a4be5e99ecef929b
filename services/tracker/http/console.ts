import { existsSync } from 'node:fs'
import { join } from 'node:path'
import express, { Router } from 'express'
import helmet from 'helmet'

const built = join(import.meta.dirname, '../../../console/dist')

/** The page loads what lies beside it, asks its own tracker, and is shown in no other page. */
const policy = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // The tracker speaks plain HTTP; whoever puts TLS before it says so there.
  strictTransportSecurity: false,
})

/**
 * The operator's web page, as `npm run console:build` has made it, under `/console`. Every address below it is the page, which
 * knows its own screens. Files with a hash in their name never change; the page itself is asked for each time.
 */
export function consolePage(folder: string = built): Router {
  const page = join(folder, 'index.html')
  const assets = express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false })
  const files = express.static(folder, { index: false, redirect: false })
  return Router()
    .use('/console', policy)
    .use('/console/assets', assets, (_req, res) => void res.sendStatus(404))
    .use('/console', files)
    .get(['/console', '/console/*screen'], (_req, res) => {
      if (!existsSync(page)) return void res.status(503).type('text').send(notBuilt)
      res.set('Cache-Control', 'no-cache').sendFile(page)
    })
}

const notBuilt = `The console has not been built.

  npm run console:build

and this page is there. npm start does it by itself. The same facts are under /api/v1 as JSON.
`
