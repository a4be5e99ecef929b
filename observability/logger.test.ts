import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, jest, test } from '@jest/globals'

jest.setTimeout(30_000)

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program in a process of its own, since its stdout is what is tested; gives the lines as JSON. */
async function linesOf(
  program: string,
  env: Record<string, string> = {},
): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createLogger, startSpan, startTracing } from './observability/index.ts'; ${program}`,
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
  return stdout
    .trim()
    .split('\n')
    .map((line: string) => JSON.parse(line))
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
