import type { SagaStep, Story } from '#orchestration'

export const beginning = Date.parse('2026-11-23T10:00:00Z')

/** A saga of one participant whose call failed once. */
export function aStory(sagaId: string, beganAt: number): Story {
  const timer = { key: 'patience@1', id: 'patience', event: 'patience', dueAt: beganAt + 60_000 }
  return {
    sagaId,
    state: 'running',
    revision: 2,
    beganAt,
    at: beganAt + 1_000,
    hasCompensated: false,
    ids: [],
    parts: {
      guest: {
        seq: 2,
        version: '1',
        startedAt: beganAt,
        at: beganAt + 1_000,
        state: { calling: 'out' },
        status: 'active',
        timers: [timer],
        effects: [
          {
            key: 'call@1',
            id: 'call',
            attempt: 2,
            startedAt: beganAt,
            notBefore: beganAt + 1_000,
            error: 'busy',
          },
        ],
        deferred: [{ id: 'e2', type: 'Answered', at: beganAt }],
        said: [],
        taken: ['e1', 'e2', 'e3'],
        isCompensating: false,
        last: { kind: 'retry', name: 'call', outcome: 'applied' },
      },
    },
  }
}

/** The steps of `aStory`, as far as the time line shows them. */
export function itsSteps(sagaId: string, beganAt: number): SagaStep[] {
  const context = { number: 7, orders: [{ paymentToken: 'secret' }] }
  const state = { value: { calling: 'out' }, context, status: 'active' as const }
  const nothing = { started: [], ended: [] }
  const step = { participant: 'guest', sagaId, version: '1', partition: 0, attempt: 'a', state }
  const changes = { outcome: 'applied' as const, timers: nothing, effects: nothing }
  const place = { topic: 'wishes', partition: 0, offset: '0', time: beganAt }
  return [
    {
      ...step,
      ...changes,
      _id: `${sagaId}:1`,
      seq: 1,
      at: beganAt,
      cause: { kind: 'event', id: 'e1', type: 'Wished', source: 'outside', ...place },
      consumed: ['e1'],
      emitted: [
        { id: 'e3', type: 'OrderCancelled', data: { orderId: sagaId, reason: 'hungry' }, trace: {} },
        { id: 'e4', type: 'Called', data: { number: 'secret' }, trace: {} },
      ],
      trace: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    },
    {
      ...step,
      ...changes,
      _id: `${sagaId}:2`,
      seq: 2,
      at: beganAt + 1_000,
      cause: { kind: 'retry', id: 'call@1', error: 'busy' },
      consumed: [],
      emitted: [],
      trace: {},
    },
  ]
}
