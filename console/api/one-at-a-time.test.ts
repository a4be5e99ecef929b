import { expect, test } from '@jest/globals'
import { oneAtATime } from './one-at-a-time.ts'

test('however often it is asked while it works, it works once more afterwards, and never twice at once', async () => {
  const runs: PromiseWithResolvers<void>[] = []
  const settled = () => new Promise<void>((done) => setImmediate(done))
  const ask = oneAtATime(() => {
    const run = Promise.withResolvers<void>()
    runs.push(run)
    return run.promise
  })
  for (let i = 0; i < 5; i++) ask()
  expect(runs).toHaveLength(1)
  runs[0]?.resolve()
  await settled()
  expect(runs).toHaveLength(2)
  runs[1]?.resolve()
  await settled()
  expect(runs).toHaveLength(2)
  ask()
  expect(runs).toHaveLength(3)
})
