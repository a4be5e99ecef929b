import { expect, test } from '@jest/globals'
import { gate, silent } from './faults.fixtures.ts'
import { type Committed, groupCommitter } from './group-committer.ts'
import { manualClock, quiet, turn } from './manual-clock.fixtures.ts'

const clock = manualClock()

test('one commit is under way at a time; what came meanwhile goes into the next, in its order', async () => {
  const batches: (readonly number[])[] = []
  const slow = gate()
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    async commit(batch) {
      batches.push(batch)
      await slow.fault(null)
    },
  })
  for (const n of [1, 2]) committer.add(n)
  await turn()
  for (const n of [3, 4, 5]) committer.add(n)
  await turn()
  expect(batches).toEqual([[1, 2]])
  slow.open()
  await committer.idle()
  expect(batches).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
})

test('a batch is as large as it may be, and the rest follows', async () => {
  const sizes: number[] = []
  const commit = async (batch: readonly number[]) => void sizes.push(batch.length)
  const committer = groupCommitter<number>({ name: 'a test', clock, log: silent, commit, maxBatch: 3 })
  for (let n = 0; n < 7; n++) committer.add(n)
  await committer.idle()
  expect(sizes).toEqual([3, 3, 1])
})

test('a batch that fails is tried again as it was, later and later, before anything newer', async () => {
  const attempts: { batch: readonly number[]; at: number }[] = []
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    async commit(batch) {
      attempts.push({ batch, at: clock.now() })
      if (attempts.length < 6) throw new Error('not now')
    },
  })
  committer.add(1)
  await turn()
  committer.add(2)
  await quiet(clock, 200)
  expect(attempts.map(({ batch }) => batch)).toEqual([[1], [1], [1], [1], [1], [1], [2]])
  const waits = attempts.slice(1, 6).map(({ at }, i) => at - (attempts[i]?.at ?? 0))
  waits.forEach((wait, i) => {
    expect(wait).toBeGreaterThanOrEqual(25 * 2 ** i)
    expect(wait).toBeLessThanOrEqual(50 * 2 ** i + 20)
  })
})

test('a stopped committer begins no attempt, and whoever waits for it is let go', async () => {
  let attempts = 0
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    async commit() {
      attempts++
      throw new Error('not now')
    },
  })
  committer.add(1)
  await turn()
  let idle = false
  void committer.idle().then(() => {
    idle = true
  })
  committer.stop()
  await quiet(clock, 10)
  committer.add(2)
  await quiet(clock, 10)
  expect({ attempts, idle }).toEqual({ attempts: 1, idle: true })
})

test('where it rests, it rests longer after a larger batch, and what came meanwhile goes together', async () => {
  const clock = manualClock()
  const commits: { batch: readonly number[]; at: number }[] = []
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    rest: ({ items }) => Math.min(10 * items, 25),
    commit: async (batch) => void commits.push({ batch, at: clock.now() }),
  })
  const began = clock.now()
  const after = (ms: number) => {
    clock.advance(ms)
    return turn()
  }
  committer.add(1)
  await turn()
  for (const n of [2, 3, 4]) committer.add(n)
  for (const step of [9, 1]) await after(step)
  committer.add(5)
  for (const step of [24, 1]) await after(step)
  expect(commits.map(({ batch }) => batch)).toEqual([[1], [2, 3, 4], [5]])
  expect(commits.map(({ at }) => at - began)).toEqual([0, 10, 35])
})

test('a rest ends when somebody waits for the end, or a full batch has come', async () => {
  const clock = manualClock()
  const commits: (readonly number[])[] = []
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    maxBatch: 3,
    rest: () => 1_000,
    commit: async (batch) => void commits.push(batch),
  })
  committer.add(1)
  await turn()
  for (const n of [2, 3, 4, 5]) committer.add(n)
  await turn()
  expect(commits).toEqual([[1], [2, 3, 4]])
  await committer.idle()
  expect(commits).toEqual([[1], [2, 3, 4], [5]])
})

test('a rest is told how long its batch took, with every attempt', async () => {
  const clock = manualClock()
  const told: Committed[] = []
  const commits: number[] = []
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    random: () => 1,
    rest(batch) {
      told.push(batch)
      return 100
    },
    async commit() {
      commits.push(clock.now())
      if (commits.length === 1) throw new Error('not now')
    },
  })
  for (const n of [1, 2]) committer.add(n)
  await turn()
  clock.advance(50)
  await turn()
  expect(told).toEqual([{ items: 2, tookMs: 50 }])
})

test('what nobody waits for lingers, and goes with what somebody does wait for', async () => {
  const clock = manualClock()
  const commits: { batch: readonly number[]; at: number }[] = []
  const began = clock.now()
  const committer = groupCommitter<number>({
    name: 'a test',
    clock,
    log: silent,
    linger: { ms: 20, of: (n) => n < 0 },
    commit: async (batch) => void commits.push({ batch, at: clock.now() - began }),
  })
  async function after(ms: number): Promise<void> {
    clock.advance(ms)
    await turn()
  }
  committer.add(-1)
  await after(5)
  committer.add(-2)
  committer.add(3)
  await turn()
  expect(commits).toEqual([{ batch: [-1, -2, 3], at: 5 }])
  committer.add(-4)
  await turn()
  await after(19)
  expect(commits).toHaveLength(1)
  await after(1)
  expect(commits[1]).toEqual({ batch: [-4], at: 25 })
  committer.add(-5)
  await committer.idle()
  expect(commits[2]).toEqual({ batch: [-5], at: 25 })
})
