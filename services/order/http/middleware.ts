import express, { type RequestHandler } from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import type { Logger } from '#observability'
import { Problem } from './problems.ts'

/** Helmet's headers; the pages load nothing from elsewhere. TLS ends before this process, so it does not promise any. */
export function securityHeaders(): RequestHandler {
  return helmet({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
  })
}

/** One line per answer: the path, but not the query, the headers or the body, where personal data would be. */
export function accessLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const started = performance.now()
    const path = req.path
    res.once('close', () => {
      const ms = Math.round(performance.now() - started)
      const fields = { method: req.method, path, status: res.statusCode, ms }
      if (res.writableFinished) log.info('answered', fields)
      else log.info('the client left before the end of the answer', fields)
    })
    next()
  }
}

/** Per client address; `Infinity` means no limit. */
export function rateLimited(requestsPerMinute: number): RequestHandler {
  if (requestsPerMinute === Number.POSITIVE_INFINITY) return (_req, _res, next) => next()
  return rateLimit({
    windowMs: 60_000,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Without trusted proxies the header may be anything and is not looked at; that is no fault to print.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (_req, _res, next) => {
      next(
        new Problem(
          'too-many-requests',
          `More than ${requestsPerMinute} requests in a minute; Retry-After says when to go on.`,
        ),
      )
    },
  })
}

/** Parses JSON bodies up to the limit and refuses any other kind of body. */
export function jsonBody(limit: number): RequestHandler[] {
  return [onlyJson, express.json({ limit, type: jsonTypes })]
}

const jsonTypes = ['json', '+json']

const onlyJson: RequestHandler = (req, _res, next) => {
  const empty = req.get('Content-Length') === '0'
  // `null` means that there is no body at all.
  if (!empty && req.is(jsonTypes) === false) {
    throw new Problem('unsupported-media-type', 'Send the body as application/json.', {
      headers: { Accept: 'application/json' },
    })
  }
  next()
}
