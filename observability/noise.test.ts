import { expect, test } from '@jest/globals'
import { isNoise } from './noise.ts'

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
