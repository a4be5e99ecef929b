import { expect, test } from '@jest/globals'
import { ignoreRequests, isNoise } from './noise.ts'

test.each(['/livez', '/readyz', '/readyz?verbose', '/metrics', '/songs/7/events'])(
  '%s is not traced',
  (url) => {
    expect(isNoise({ url, headers: {} })).toBe(true)
  },
)

test('a stream of server-sent events is not traced, whatever its path', () => {
  expect(isNoise({ url: '/songs', headers: { accept: 'text/event-stream' } })).toBe(true)
})

test.each(['/', '/songs', '/songs/livez-7', '/events/7'])('%s is traced', (url) => {
  expect(isNoise({ url, headers: { accept: 'application/json' } })).toBe(false)
})

test('what a service refuses need not be traced, for as long as it says so', () => {
  const song = { method: 'POST', url: '/songs', headers: {} }
  const traceAll = ignoreRequests(({ method }) => method === 'POST')
  expect([isNoise(song), isNoise({ ...song, method: 'GET' })]).toEqual([true, false])
  traceAll()
  expect(isNoise(song)).toBe(false)
})
