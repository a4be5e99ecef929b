import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express'
import type { Logger } from '#observability'
import type { Clock } from '#orchestration'
import { behaviourChange, changeBehaviour, usualBehaviour } from './behaviour.ts'
import { recall, shipment } from './carrier.ts'
import type { Ledger } from './ledger.ts'
import { type Operation, perform, type Sandbox } from './operation.ts'
import { capture, refund } from './payment-provider.ts'
import { Problem, parse, sendProblem } from './problem.ts'
import { inTurn } from './turns.ts'

/** The payment provider and the carrier over HTTP, and the auditor's view of both. See README.md for the API. */
export function sandboxApp(options: { ledger: Ledger; clock: Clock; log: Logger }): Express {
  const { ledger, clock, log } = options
  const sandbox = { ledger, clock, behaviour: usualBehaviour(), inTurn: inTurn(), failed: new Set<string>() }
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.use(express.json())

  app.post('/payments/captures', calls(capture, sandbox))
  app.post('/payments/refunds', calls(refund, sandbox))
  app.post('/shipments', calls(shipment, sandbox))
  app.post('/shipments/recalls', calls(recall, sandbox))

  app.get('/behaviour', (_, response) => void response.json(sandbox.behaviour))
  app.put('/behaviour', (request, response) => {
    changeBehaviour(sandbox.behaviour, parse(behaviourChange, request.body))
    response.json(sandbox.behaviour)
  })

  app.get('/ledger', ({ query }, response) => {
    const { orderId } = query
    return sendList(response, typeof orderId === 'string' ? ledger.entriesOf(orderId) : ledger.entries())
  })
  app.get('/ledger/balance', (_, response) => sendList(response, ledger.balances()))

  app.get('/livez', (_, response) => void response.json({ status: 'live' }))
  app.get('/readyz', (_, response) => {
    const ready = ledger.isWritable()
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not ready', checks: { ledger: ready } })
  })

  app.use(({ method, path }) => {
    throw new Problem('route-not-found', `${method} ${path}`)
  })
  app.use(problems(log))
  return app
}

function calls<Body extends { orderId: string }>(operation: Operation<Body>, sandbox: Sandbox) {
  return async (request: Request, response: Response): Promise<void> => {
    const idempotencyKey = request.get('idempotency-key')
    if (!idempotencyKey)
      throw new Problem('idempotency-key-missing', 'Every call needs one, so that it can be repeated.')
    const answer = await perform(operation, { idempotencyKey, body: request.body }, sandbox)
    if (answer !== 'silence') response.json(answer)
  }
}

/** A JSON array, written element by element at the reader's pace: the ledger may hold many thousands. */
async function sendList(response: Response, elements: Iterable<unknown>): Promise<void> {
  response.type('application/json')
  await pipeline(Readable.from(chunksOf(elements)), response).catch((error) => {
    if (!response.destroyed) throw error
  })
}

const chunkLength = 200

function* chunksOf(elements: Iterable<unknown>): Generator<string> {
  let separator = '['
  let lines: string[] = []
  for (const element of elements) {
    lines.push(separator + JSON.stringify(element))
    separator = ',\n'
    if (lines.length === chunkLength) {
      yield lines.join('')
      lines = []
    }
  }
  yield `${lines.join('')}${separator === '[' ? '[' : ''}]\n`
}

function problems(log: Logger): ErrorRequestHandler {
  return (error, request, response, next) => {
    if (response.headersSent) return next(error)
    if (error instanceof Problem) return sendProblem(response, error)
    if (error.status >= 400 && error.status < 500) {
      return sendProblem(response, new Problem('invalid-request', error.message))
    }
    log.error('a request failed', { error, method: request.method, path: request.path })
    sendProblem(response, new Problem('internal-error', 'See the log of the sandbox.'))
  }
}
