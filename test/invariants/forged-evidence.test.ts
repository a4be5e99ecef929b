import { beforeAll, expect, test } from '@jest/globals'
import { deadLetterTopic } from '#messaging'
import type { Evidence } from './evidence.ts'
import { checkInvariants } from './index.ts'
import { smallRun } from './small-run.fixtures.ts'

type Forged<T> = T extends object ? { -readonly [Key in keyof T]: Forged<T[Key]> } : T

let text: string
beforeAll(async () => {
  text = JSON.stringify(await smallRun())
}, 30_000)

const delivered = 'order-1'
const refused = 'order-4'
const silent = 'order-5'

function rowsOf({ journals }: Forged<Evidence>, name: 'order' | 'payment' | 'shipping', sagaId: string) {
  return journals[name].rows.filter((row) => row.sagaId === sagaId).sort((a, b) => a.seq - b.seq)
}

function first<T>(items: readonly T[], wanted: (item: T) => boolean): T {
  const found = items.find(wanted)
  if (found === undefined) throw new Error('the run has nothing of the kind')
  return found
}

/** Rules that no planted bug comes to: what is forged, and what must be said of it. */
const forgeries: readonly [string, string, (evidence: Forged<Evidence>) => void][] = [
  [
    'I1',
    '2 parcels went out',
    ({ ledger }) =>
      ledger.push({
        ...first(ledger, ({ orderId, kind }) => orderId === delivered && kind === 'shipment'),
        idempotencyKey: 'another',
      }),
  ],
  [
    'I1',
    '5800 was refunded, though 2900 was captured',
    ({ ledger }) =>
      ledger.push({
        ...first(ledger, ({ orderId, kind }) => orderId === refused && kind === 'refund'),
        idempotencyKey: 'another',
      }),
  ],
  [
    'I1',
    'two captures under the one key',
    ({ ledger }) => ledger.push(first(ledger, ({ kind }) => kind === 'capture')),
  ],
  [
    'I1',
    'capture for an order that nobody placed',
    ({ ledger }) => {
      ledger.push({ ...first(ledger, ({ kind }) => kind === 'capture'), orderId: 'unknown' })
    },
  ],
  [
    'I2',
    'at most -1 ms are allowed',
    ({ run }) => {
      run.limitMs = -1
    },
  ],
  [
    'I2',
    'order ended as declined, and later as delivered',
    (evidence) => {
      const [row] = rowsOf(evidence, 'order', delivered)
      if (row?.state) Object.assign(row.state, { status: 'done', value: 'declined' })
    },
  ],
  [
    'I3',
    'before what stands before it',
    ({ records }) => {
      const steps = records.filter(
        ({ topic, id }) => topic === 'saga.steps' && id.startsWith(`order/${delivered}`),
      )
      const [one, two] = steps
      if (one && two) one.offset = two.offset + 1
    },
  ],
  [
    'I3',
    'which has no row of it',
    ({ records }) => {
      records.push({ ...first(records, ({ type }) => type === 'OrderPaid'), id: 'invented' })
    },
  ],
  [
    'I4',
    'the replay made 1 calls outside',
    ({ run }) => {
      if (run.replay) run.replay.after.ledgerEntries += 1
    },
  ],
  [
    'I5',
    'order took in the event',
    (evidence) => {
      const [one, two] = rowsOf(evidence, 'order', delivered)
      two?.consumed.push(...(one?.consumed ?? []))
    },
  ],
  [
    'I5',
    'but only 3 rows',
    ({ journals }) => {
      first(journals.order.heads, ({ _id }) => _id === delivered).seq = 4
    },
  ],
  ['I6', 'a parcel went out before any money was captured', ({ ledger }) => void ledger.reverse()],
  [
    'I6',
    'state.value is "declined", and the machine says "shipping"',
    (evidence) => {
      const [, row] = rowsOf(evidence, 'order', delivered)
      if (row?.state) row.state.value = 'declined'
    },
  ],
  [
    'I7',
    'order has 3 rows and no head',
    ({ journals }) => {
      journals.order.heads = journals.order.heads.filter(({ _id }) => _id !== delivered)
    },
  ],
  [
    'I7',
    'the tracker tells of shipping, which has no row',
    ({ stories }) => {
      const parts = first(stories ?? [], ({ sagaId }) => sagaId === silent).parts
      parts.shipping = first(stories ?? [], ({ sagaId }) => sagaId === delivered).parts.shipping as never
    },
  ],
  [
    'I8',
    'is in the dead letters and was handled',
    ({ records }) => {
      const marks = { dlt_code: 'CODE', dlt_reason: 'why' }
      records.push({
        ...first(records, ({ type }) => type === 'OrderPaid'),
        topic: deadLetterTopic('shipping'),
        marks,
      })
    },
  ],
  [
    'I8',
    'garbled is in the dead letters twice',
    ({ records }) => {
      const letter = first(records, ({ id, marks }) => id === 'garbled' && marks !== undefined)
      records.push({ ...letter, marks: { ...letter.marks, dlt_offset: '999' } })
    },
  ],
  [
    'I9',
    'shipping has committed beyond OrderPaid',
    (evidence) => {
      const { records } = evidence
      records.push({
        ...first(records, ({ type }) => type === 'OrderPaid'),
        id: 'unheard',
        source: 'elsewhere',
      })
    },
  ],
  [
    'I10',
    'fired twice',
    (evidence) => {
      const { rows } = evidence.journals.order
      rows.push({ ...first(rows, ({ cause }) => cause.kind === 'timer'), seq: 99 })
    },
  ],
  [
    'I10',
    'fired, and no row has set it',
    (evidence) => {
      for (const { timers } of rowsOf(evidence, 'order', silent)) timers.started = []
    },
  ],
  [
    'I10',
    'and has not fired',
    (evidence) => {
      const { rows } = evidence.journals.order
      evidence.journals.order.rows = rows.filter(({ sagaId, seq }) => sagaId !== silent || seq === 1)
    },
  ],
  [
    'I11',
    'row 1 of order has no trace',
    (evidence) => {
      for (const row of rowsOf(evidence, 'order', delivered)) row.trace = {}
    },
  ],
  [
    'I11',
    'is in another trace than its event',
    (evidence) => {
      const [, row] = rowsOf(evidence, 'order', delivered)
      const [other] = rowsOf(evidence, 'order', refused)
      if (row && other) row.trace = other.trace
    },
  ],
  [
    'I11',
    'has a parent that no journal knows',
    ({ run }) => {
      const span = first(
        run.spans ?? [],
        ({ name, parentSpanId }) => name.startsWith('process ') && !!parentSpanId,
      )
      span.parentSpanId = 'unknown'
    },
  ],
  [
    'I11',
    "is in none of its order's traces",
    ({ run }) => {
      run.spans?.push({ traceId: 'a', spanId: 'b', name: 'timer', service: 'order', sagaId: delivered })
    },
  ],
  [
    'I12',
    'nobody was killed',
    ({ run }) => {
      run.faults = []
    },
  ],
  [
    'I12',
    'nothing was replayed',
    ({ run }) => {
      run.replay = null
    },
  ],
  [
    'I12',
    'there are no entries of the ledger',
    (evidence) => {
      evidence.ledger = []
    },
  ],
]

test.each(forgeries)('%s says "%s" when it should', (invariant, says, forge) => {
  const evidence = JSON.parse(text) as Evidence
  const only = [invariant]
  expect(checkInvariants(evidence, { only })).toEqual([])
  const forged = JSON.parse(text)
  forge(forged)
  const said = checkInvariants(forged, { only }).map((violation) => violation.says)
  expect(said.filter((sentence) => sentence.includes(says))).not.toEqual([])
})

test('I11 takes a request that was refused in a trace of its own', () => {
  const evidence = JSON.parse(text)
  const request = { traceId: 'a', spanId: 'b', name: 'POST /orders', service: 'order', sagaId: delivered }
  const only = ['I11']
  evidence.run.spans.push({ ...request, isRefused: true })
  expect(checkInvariants(evidence, { only })).toEqual([])
  evidence.run.spans.push(request)
  expect(checkInvariants(evidence, { only })).toHaveLength(1)
})
