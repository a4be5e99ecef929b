import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Router } from 'express'
import { catalogue } from '../catalogue.ts'
import { orderMachine } from '../machine.ts'
import { orderApi } from './app.ts'
import { openApiDocument, paths } from './openapi.ts'
import { type ServedApi, serveApi } from './order-api.fixtures.ts'
import { listOrdersQuery, order } from './schemas.ts'

let api: ServedApi
beforeAll(async () => {
  api = await serveApi()
})
afterAll(() => api.close())

describe('the OpenAPI document', () => {
  test('is served as OpenAPI 3.1', async () => {
    const { status, body } = await api.get('/openapi.json')
    expect(status).toBe(200)
    expect(body.openapi).toBe('3.1.0')
    expect(body).toEqual(JSON.parse(JSON.stringify(openApiDocument)))
  })

  test('lists every route of the API, and no other', () => {
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    )
    expect(documented.toSorted()).toEqual(served().toSorted())
  })

  test('resolves each of its references', () => {
    const text = JSON.stringify(openApiDocument)
    const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
    expect(names.length).toBeGreaterThan(0)
    for (const name of names) expect(openApiDocument.components?.schemas).toHaveProperty(name)
  })

  test('lists the catalogue, with prices', () => {
    for (const { sku, name, unitPrice } of catalogue)
      expect(openApiDocument.info.description).toContain(`| \`${sku}\` | ${name} | ${unitPrice} |`)
  })

  test('knows exactly the states that the machine has', () => {
    const states = Object.keys(orderMachine.states)
    expect(order.shape.state.options).toEqual(['accepted', ...states])
    expect(listOrdersQuery.shape.state.unwrap().options).toEqual(states)
  })
})

describe('the page to try it', () => {
  test.each([
    ['/docs/', ['/docs/page.js', '/docs/page.css']],
    ['/docs/problems.html', ['/docs/problems.js', '/docs/page.css']],
  ])('at %s is served with its script and style, and loads nothing from elsewhere', async (path, own) => {
    const page = await (await fetch(api.url + path)).text()
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    expect(parts).toEqual(expect.arrayContaining(own))
    for (const address of parts.filter((part) => !part.startsWith('data:'))) {
      expect(address).toMatch(/^\//)
      expect((await fetch(api.url + address)).status).toBe(200)
    }
  })
})

/** The routes that the application was built with, as `get /orders/{orderId}`; the pages and the document itself are no part of the API. */
function served(): string[] {
  const never = () => Promise.reject(new Error('not asked for'))
  const app = orderApi({
    store: { readHeads: never, readRows: never, listHeads: never, archive: { read: never } },
    requests: { claim: never, byOrderIds: never },
    codec: { encode: never as never },
    send: never,
    backlog: { commands: never, unpaid: never },
    readiness: never,
    clock: { now: () => 0, schedule: () => () => {} },
    ids: () => '',
    log: {} as never,
    stopping: new AbortController().signal,
  })
  return routesOf(app.router).filter((route) => !/openapi|docs/.test(route))
}

function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (!route) return 'stack' in handle ? routesOf(handle as unknown as Router) : []
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    const methods = new Set(route.stack.flatMap(({ method }) => method ?? []))
    return [...methods].map((method) => `${method} ${path}`)
  })
}
