import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import express from 'express'
import { type HttpServer, serveHttp } from '#orchestration'
import { consolePage } from './console.ts'

let folder: string
let server: HttpServer

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chorus-console-'))
  server = await serveHttp(express().use(consolePage(folder)), 0)
})

afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

async function build(): Promise<void> {
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>Chorus</title>')
  await writeFile(join(folder, 'theme.js'), '// dark')
  await writeFile(join(folder, 'assets', 'page-1a2b.js'), '// page')
}

async function get(path: string) {
  const response = await fetch(server.address + path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

test('every address below the console is the page, and is asked for each time', async () => {
  await build()
  for (const path of ['/console', '/console/', '/console/sagas/42', '/console/o/pay.1?tab=trace']) {
    const { status, headers, text } = await get(path)
    expect({ path, status, text }).toEqual({ path, status: 200, text: '<title>Chorus</title>' })
    expect(headers.get('cache-control')).toBe('no-cache')
  }
})

test('files whose name says their content are kept for ever, and one that is gone is not the page', async () => {
  await build()
  const { headers } = await get('/console/assets/page-1a2b.js')
  expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await get('/console/assets/page-0000.js')).status).toBe(404)
  expect((await get('/console/theme.js')).headers.get('cache-control')).not.toContain('immutable')
})

test('nothing from elsewhere can be loaded, and nobody can frame it', async () => {
  await build()
  const policy = (await get('/console')).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|data:/)
})

test('a console that was not built says how to build it', async () => {
  const { status, text } = await get('/console/sagas')
  expect(status).toBe(503)
  expect(text).toContain('npm run console:build')
})
