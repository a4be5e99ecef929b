import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi'
import { catalogue, currency } from '../catalogue.ts'
import { type ProblemCode, problems, problemsPage } from './problems.ts'
import * as schemas from './schemas.ts'

const json = (schema: z.ZodType) => ({ 'application/json': { schema } })
const header = (description: string, example: string) => z.string().meta({ description, example })

const prefer = header(
  '`wait=N`: answer when the order has ended, after N seconds at the latest (RFC 7240).',
  'wait=10',
)
const optionalPrefer = z.object({ Prefer: prefer.optional() })
const location = z.object({ Location: header('The order.', '/orders/01890a5d-ac96-774b-bcce-b302099a8057') })
const path = z.object({ orderId: z.string().meta({ description: 'The order.' }) })

/** What any operation may answer besides its own. */
const always: readonly ProblemCode[] = ['too-many-requests', 'internal-error']

/** Refusals by status, each code with its title. */
function refusals(...codes: readonly ProblemCode[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy([...codes, ...always], (code) => problems[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      String(status),
      {
        description: ofStatus
          .map((code) => `[\`${code}\`](${problemsPage}#${code}): ${problems[code][1]}.`)
          .join('\n\n'),
        content: { 'application/problem+json': { schema: schemas.problemDocument } },
      },
    ]),
  )
}

const placeOrder: ZodOpenApiOperationObject = {
  operationId: 'placeOrder',
  summary: 'Place an order',
  description:
    'Answered once the command is in Kafka. Repeating the request with the same key and body gives the same order, always.',
  requestParams: {
    header: optionalPrefer.extend({
      'Idempotency-Key': header(
        'New for every order, the same for every repetition.',
        '01890a5d-bb2c-7e01-8f5d-c2a9e1b7d003',
      ),
    }),
  },
  requestBody: { required: true, content: json(schemas.placeOrderBody) },
  responses: {
    201: { description: 'Waited for: the order has ended.', headers: location, content: json(schemas.order) },
    202: { description: 'The order is on its way.', headers: location, content: json(schemas.order) },
    ...refusals(
      'invalid-request',
      'invalid-json',
      'idempotency-key-missing',
      'idempotency-key-invalid',
      'body-too-large',
      'unsupported-media-type',
      'idempotency-key-expired',
      'idempotency-key-reused',
      'unknown-sku',
      'outcome-unknown',
      'broker-unavailable',
      'store-unavailable',
      'too-busy',
    ),
  },
}

const listOrders: ZodOpenApiOperationObject = {
  operationId: 'listOrders',
  summary: 'List orders, newest first',
  description: 'An order appears here once the order service has taken its command up.',
  requestParams: { query: schemas.listOrdersQuery },
  responses: {
    200: {
      description: 'A page of orders.',
      headers: z.object({
        Link: header('The next page, if there is one.', '</orders?cursor=…>; rel="next"').optional(),
      }),
      content: json(schemas.orderList),
    },
    ...refusals('invalid-request', 'invalid-cursor', 'store-unavailable', 'too-busy'),
  },
}

const getOrder: ZodOpenApiOperationObject = {
  operationId: 'getOrder',
  summary: 'Show an order',
  requestParams: {
    path,
    header: optionalPrefer.extend({ 'If-None-Match': header('An ETag of this order.', '"3"').optional() }),
  },
  responses: {
    200: {
      description: 'The order as it stands.',
      headers: z.object({ ETag: header('Changes with every step.', '"3"') }),
      content: json(schemas.order),
    },
    304: { description: 'Nothing has changed since that ETag.' },
    ...refusals('invalid-request', 'order-not-found', 'store-unavailable', 'too-busy'),
  },
}

const cancelOrder: ZodOpenApiOperationObject = {
  operationId: 'cancelOrder',
  summary: 'Ask for an order to be cancelled',
  description:
    'The order decides: it is cancelled while it is new or being paid, and goes on once it is with shipping. Without a key an order is cancelled once at most.',
  requestParams: {
    path,
    header: optionalPrefer.extend({
      'Idempotency-Key': header(
        'The same for every repetition.',
        '01890a5d-cc11-7b22-9d10-3f4e5a6b7c8d',
      ).optional(),
    }),
  },
  requestBody: { required: false, content: json(schemas.cancelOrderBody) },
  responses: {
    200: { description: 'The order has ended.', headers: location, content: json(schemas.order) },
    202: { description: 'The wish is in Kafka.', headers: location, content: json(schemas.order) },
    ...refusals(
      'invalid-request',
      'invalid-json',
      'idempotency-key-invalid',
      'order-not-found',
      'order-already-ended',
      'body-too-large',
      'unsupported-media-type',
      'outcome-unknown',
      'broker-unavailable',
      'store-unavailable',
      'too-busy',
    ),
  },
}

const orderEvents: ZodOpenApiOperationObject = {
  operationId: 'followOrder',
  summary: 'Follow an order',
  description:
    'Server-sent events: each is one step (`#/components/schemas/Step`) under its number, from the first to the last. The stream closes when the order has ended.',
  requestParams: {
    path,
    header: z.object({ 'Last-Event-ID': header('Only steps after this number.', '2').optional() }),
  },
  responses: {
    200: { description: 'The steps.', content: { 'text/event-stream': { schema: z.string() } } },
    204: { description: 'The order has ended and the client has seen every step.' },
    ...refusals('invalid-request', 'order-not-found', 'store-unavailable', 'too-busy', 'too-many-streams'),
  },
}

const livez: ZodOpenApiOperationObject = {
  operationId: 'livez',
  summary: 'Is the process alive?',
  responses: { 200: { description: 'Yes.', content: json(schemas.live) } },
}

const readyz: ZodOpenApiOperationObject = {
  operationId: 'readyz',
  summary: 'Are the broker and the store there?',
  responses: {
    200: { description: 'Yes.', content: json(schemas.ready) },
    503: {
      description: 'No; the checks say what is missing.',
      content: { 'application/problem+json': { schema: schemas.notReady } },
    },
  },
}

/** Every operation of the API by path and method; a test holds it against the routes. */
export const paths: ZodOpenApiPathsObject = {
  '/orders': { post: placeOrder, get: listOrders },
  '/orders/{orderId}': { get: getOrder },
  '/orders/{orderId}/cancellation': { post: cancelOrder },
  '/orders/{orderId}/events': { get: orderEvents },
  '/livez': { get: livez },
  '/readyz': { get: readyz },
}

/** What the shop sells, as a table. */
function priceList(): string {
  const rows = catalogue.map(({ sku, name, unitPrice }) => `| \`${sku}\` | ${name} | ${unitPrice} |`)
  return [`| SKU | What it is | Price in minor units of ${currency} |`, '| --- | --- | --- |', ...rows].join(
    '\n',
  )
}

/** The OpenAPI 3.1 document, made from the schemas that the handlers validate with. */
export const openApiDocument = createDocument({
  openapi: '3.1.0',
  info: {
    title: 'Chorus orders',
    version: '1.0.0',
    description: `Amounts are whole minor units of a currency (cents). Every refusal is an RFC 9457 problem whose code is explained at [${problemsPage}](${problemsPage}).\n\n${priceList()}`,
  },
  paths,
})
