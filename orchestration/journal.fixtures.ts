import { randomUUID } from 'node:crypto'
import type { Head, JournalRow, MachineState } from './journal.ts'

/** Keys and values that a database could take for something else. */
export const oddState: MachineState = {
  value: { shipping: { 'a.b': 'c' } },
  status: 'active',
  context: JSON.parse(`{
    "$set": { "a.b": 1, "$": 2, "": 3, "$ref": "orders", "$id": 7 },
    "_id": "mine", "_bsontype": "ObjectId", "z": 1, "a": 2, "10": "ten",
    "__proto__": { "kept": true }, "constructor": null, "nul\\u0000key": "nul\\u0000value",
    "nested": [null, { "deep": [null, [], {}] }], "text": "ü€😀\\ud800",
    "numbers": [0, -1.5, 9007199254740991, 1e300, 1099511627776]
  }`),
}

export function active(value: unknown): MachineState {
  return { value, context: { amount: 1 }, status: 'active' }
}

export function aRow(sagaId: string, seq: number, state: MachineState | null = active('paying')): JournalRow {
  return {
    _id: `${sagaId}:${seq}`,
    sagaId,
    seq,
    attempt: randomUUID(),
    version: '1',
    partition: 0,
    at: 1_000 + seq,
    cause: { kind: 'timer', id: `patience@${seq}`, dueAt: 1_000 },
    outcome: 'applied',
    consumed: [`timer:${seq}`],
    emitted: [{ id: randomUUID(), type: 'Said', data: { words: ['one', null] }, trace: {} }],
    timers: { started: [], ended: [] },
    effects: { started: [], ended: [] },
    state,
    trace: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  }
}

export function aHead(fields: Partial<Head> = {}): Head {
  return {
    _id: randomUUID(),
    seq: 1,
    version: '1',
    partition: 0,
    state: active('paying'),
    seen: [],
    deferred: [],
    timers: [],
    effects: [],
    dueAt: null,
    startedAt: 1_000,
    at: 1_000,
    ...fields,
  }
}
