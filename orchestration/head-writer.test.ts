import { expect, test } from '@jest/globals'
import { silent } from './faults.fixtures.ts'
import { headWriter } from './head-writer.ts'
import { aHead } from './journal.fixtures.ts'
import { manualClock, turn } from './manual-clock.fixtures.ts'

const hour = 3_600_000

function writing({ mayWait = true } = {}) {
  const clock = manualClock()
  const began = clock.now()
  const written: string[] = []
  const covered: string[] = []
  const rounds: number[] = []
  const writer = headWriter({
    clock,
    log: silent,
    mayWait: () => mayWait,
    onCovered: (sagaId, seq) => covered.push(`${sagaId}:${seq}`),
    store: {
      async writeHeads(heads, begun = new Set()) {
        rounds.push(heads.length)
        for (const { _id, seq } of heads)
          written.push(`${clock.now() - began} ms: ${_id}:${seq}${begun.has(_id) ? ' as new' : ''}`)
      },
    },
  })
  /** A head that waits for something that is long to come. */
  const head = (seq: number, dueIn = hour, sagaId = 'b-1') =>
    aHead({
      _id: sagaId,
      seq,
      timers: [{ key: 'patience', dueAt: began + dueIn } as never],
      dueAt: began + dueIn,
    })
  async function after(ms: number): Promise<void> {
    clock.advance(ms)
    await turn()
  }
  return {
    writer,
    written,
    covered,
    rounds,
    head,
    after,
    ended: (seq: number) => ({ ...head(seq), ...over }),
  }
}

const over = {
  timers: [],
  dueAt: null,
  state: { value: 'left', context: {}, status: 'done', error: null, output: null, history: {} } as never,
}

test('the rows of a second become one head', async () => {
  const { writer, written, covered, head, after } = writing()
  writer.add(head(1))
  await after(400)
  writer.add(head(2))
  await after(599)
  expect(written).toEqual([])
  await after(1)
  expect(written).toEqual(['1000 ms: b-1:2 as new'])
  expect(covered).toEqual(['b-1:2'])
  writer.add(head(3))
  await after(1_000)
  expect(written).toEqual(['1000 ms: b-1:2 as new', '2000 ms: b-1:3'])
})

test('a saga that has ended need not wait', async () => {
  const { writer, written, head, ended, after } = writing()
  writer.add(head(1))
  await after(10)
  writer.add(ended(2))
  await after(0)
  expect(written).toEqual(['10 ms: b-1:2 as new'])
  await after(2_000)
  expect(written).toHaveLength(1)
})

test('a timer that falls due finds its head', async () => {
  const { writer, written, head, after } = writing()
  writer.add(head(1))
  await after(100)
  writer.add(head(2, 250))
  await after(150)
  expect(written).toEqual(['250 ms: b-1:2 as new'])
})

test('a head that somebody waits for is written at once', async () => {
  const { writer, written, head, after } = writing({ mayWait: false })
  writer.add(head(1))
  await after(0)
  expect(written).toEqual(['0 ms: b-1:1 as new'])
})

test('many are written together', async () => {
  const { writer, rounds, head, after } = writing()
  for (const sagaId of ['b-1', 'b-2', 'b-3']) writer.add(head(1, hour, sagaId))
  await after(1_000)
  for (const sagaId of ['b-4', 'b-5']) writer.add(head(1, hour, sagaId))
  await writer.idle()
  expect(rounds).toEqual([3, 2])
})

test('a stop writes nothing more', async () => {
  const { writer, written, covered, head, after } = writing()
  writer.add(head(1))
  writer.stop()
  await after(2_000)
  expect({ written, covered }).toEqual({ written: [], covered: [] })
})
