import { join } from 'node:path'
import express, { type Express, Router } from 'express'
import { type Admission, admission } from './admission.ts'
import { cancelOrder } from './cancel-order.ts'
import { commandSender } from './commands.ts'
import { defaultLimits, type Limits, type OrderApi } from './dependencies.ts'
import { answerProblems, onlyMethods, routeNotFound } from './errors.ts'
import { getOrder } from './get-order.ts'
import { livez, readyz } from './health.ts'
import { storesInTime } from './in-time.ts'
import { listOrders } from './list-orders.ts'
import { accessLog, jsonBody, rateLimited, securityHeaders } from './middleware.ts'
import { openApiDocument } from './openapi.ts'
import { orderEvents } from './order-events.ts'
import { orderReader } from './order-reader.ts'
import { placeOrder } from './place-order.ts'
import { waitIfWished } from './preferences.ts'
import { problemsPage } from './problems.ts'
import { headWatcher } from './waiters.ts'

const pages = join(import.meta.dirname, 'docs')
const repositoryRoot = join(import.meta.dirname, '../../..')

/** The REST API of the order service, ready to be given to an HTTP server. It holds no connection and starts nothing by itself. */
export function orderApi(dependencies: Omit<OrderApi, 'limits'> & { limits?: Partial<Limits> }): Express {
  const limits = { ...defaultLimits, ...dependencies.limits }
  const api: OrderApi = { ...dependencies, ...storesInTime({ ...dependencies, limits }), limits }
  const { log } = api
  const { gate, leave } = admission(api)

  // In the order of what they cost: a flood is refused before its bodies are read. Whatever is thrown ends as a problem.
  return express()
    .disable('x-powered-by')
    .disable('etag')
    .set('trust proxy', limits.trustedProxies)
    .use(gate)
    .use(securityHeaders())
    .use(accessLog(log))
    .use(serviceRoutes(api))
    .use(rateLimited(limits.requestsPerMinute))
    .use(jsonBody(limits.bodyBytes))
    .use(orderRoutes(api, leave))
    .use(routeNotFound)
    .use(answerProblems(log))
}

/** What operators, probes and readers of the documentation ask for; never rate limited. */
function serviceRoutes(api: OrderApi): Router {
  const routes = Router()
  routes.route('/livez').get(livez).all(onlyMethods('GET'))
  routes.route('/readyz').get(readyz(api)).all(onlyMethods('GET'))
  routes.get('/openapi.json', (_req, res) => void res.json(openApiDocument))
  routes.get(
    problemsPage,
    (_req, res) => void res.type('text/plain').sendFile(problemsPage, { root: repositoryRoot }),
  )
  routes.use('/docs', express.static(pages))
  return routes
}

function orderRoutes(api: OrderApi, leave: Admission['leave']): Router {
  const { store, clock, log, limits } = api
  const watcher = headWatcher({ store, clock, log, pollMs: limits.pollMs, capacity: limits.watches })
  const orders = orderReader(api)
  const wait = waitIfWished(api, { watcher, leave })
  const send = commandSender(api)

  const routes = Router()
  routes
    .route('/orders')
    .post(placeOrder(api, { send, orders, wait }))
    .get(listOrders(api, { orders }))
    .all(onlyMethods('GET', 'POST'))
  routes.route('/orders/:orderId').get(getOrder({ orders, wait })).all(onlyMethods('GET'))
  routes
    .route('/orders/:orderId/cancellation')
    .post(cancelOrder(api, { send, orders, wait }))
    .all(onlyMethods('POST'))
  routes
    .route('/orders/:orderId/events')
    .get(orderEvents(api, { orders, watcher, leave }))
    .all(onlyMethods('GET'))
  return routes
}
