import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, jest, test } from '@jest/globals'

jest.setTimeout(30_000)

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program in a process of its own, since its stdout is what is tested; gives the lines as JSON. */
async function linesOf(program: string, env?: Record<string, string>): Promise<Record<string, unknown>[]> {
  return (await printed(program, env)).map((line) => JSON.parse(line))
}

async function printed(program: string, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createLogger, startSpan, startTracing, traceFields } from './observability/index.ts'; ${program}`,
    ],
    {
      cwd: root,
      env: { ...process.env, LOG_LEVEL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '', ...env },
      timeout: 20_000,
    },
  ).catch((error) => {
    if (error.signal === 'SIGKILL') return error
    throw error
  })
  return stdout.trim().split('\n')
}

describe('a log line', () => {
  test('says when, who, how bad and what, with its fields and those of its logger', async () => {
    const [line] = await linesOf(`
      createLogger({ service: 'singer' }).child({ sagaId: 's-1' }).warn('hoarse', { verse: 2 })
    `)
    expect(line).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'singer',
      sagaId: 's-1',
      verse: 2,
      msg: 'hoarse',
    })
  })

  test('carries the ids of the span it is written in, also past an await', async () => {
    const [context, inside, outside] = await linesOf(`
      startTracing({ service: 'singer' })
      const log = createLogger({ service: 'singer' })
      const span = startSpan({ name: 'sing', kind: 'internal' })
      console.log(JSON.stringify(span.context))
      await span.run(async () => { await null; log.info('inside') })
      log.info('outside')
    `)
    const [, traceId, spanId] = String(context?.traceparent).split('-')
    expect(inside).toMatchObject({ msg: 'inside', trace_id: traceId, span_id: spanId })
    expect(outside).not.toHaveProperty('trace_id')
  })

  test('written outside of a span carries the ids of the context that it is about, when there is one', async () => {
    const [about, without, inside] = await linesOf(`
      startTracing({ service: 'singer' })
      const log = createLogger({ service: 'singer' })
      const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }
      log.warn('about', { eventId: 'e-1', ...traceFields(context) })
      log.warn('without', traceFields({ traceparent: 'nonsense' }))
      startSpan({ name: 'sing', kind: 'internal' }).run(() => log.warn('inside', traceFields(context)))
    `)
    const ids = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' }
    expect([about, inside]).toMatchObject([{ eventId: 'e-1', ...ids }, ids])
    expect(without).not.toHaveProperty('trace_id')
  })

  test('tells an error with its type, stack and cause', async () => {
    const [line] = await linesOf(`
      const error = new TypeError('no voice', { cause: new Error('a cold') })
      createLogger({ service: 'singer' }).error('cannot sing', { error })
    `)
    expect(line?.error).toMatchObject({
      type: 'TypeError',
      message: expect.stringContaining('no voice'),
      stack: expect.stringMatching(/a cold/),
    })
  })
})

test('on a terminal a line is text: time, level, service, message and fields, without ids of traces', async () => {
  const program = (log: string) => `
    process.stdout.isTTY = true
    startTracing({ service: 'singer' })
    const log = createLogger({ service: 'singer' })
    startSpan({ name: 'sing', kind: 'internal' }).run(() => ${log})
  `
  const lines = await printed(program(`log.warn('hoarse', { sagaId: 's-1', eventId: 'e-1' })`))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  const [line] = lines.map((text) => text.replaceAll(/\u001b\[\d+m/g, ''))
  expect(lines).toHaveLength(1)
  expect(line).toMatch(
    /^\[\d\d:\d\d:\d\d\.\d{3}\] WARN.*: singer: hoarse \{"sagaId":"s-1","eventId":"e-1"\}$/,
  )
})

describe('the level', () => {
  const program = (options: string) => `
    const log = createLogger({ service: 'singer', ${options} })
    log.debug('debug'); log.info('info'); log.warn('warn'); log.error('error')
  `
  test.each([
    ['info by default', '', {}, ['info', 'warn', 'error']],
    ['as LOG_LEVEL says', '', { LOG_LEVEL: 'debug' }, ['debug', 'info', 'warn', 'error']],
    ['as the code says', `level: 'error'`, { LOG_LEVEL: 'debug' }, ['error']],
  ])('is %s', async (_case, options, env, expected) => {
    expect((await linesOf(program(options), env)).map((line) => line.msg)).toEqual(expected)
  })
})

test('no line is lost when the process is killed right after it', async () => {
  const lines = await linesOf(`
    const log = createLogger({ service: 'singer' })
    for (let i = 1; i <= 5000; i++) log.info('la', { i })
    process.kill(process.pid, 'SIGKILL')
  `)
  expect(lines.at(-1)?.i).toBe(5_000)
})
