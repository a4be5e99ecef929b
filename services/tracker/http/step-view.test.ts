import { expect, test } from '@jest/globals'
import { type SagaStep, timeline } from '#orchestration'
import { stepView } from './step-view.ts'
import { aStory, beginning, itsSteps } from './story.fixtures.ts'

test('what a person has said tells who it was and why', () => {
  const [first] = itsSteps('s', beginning) as [SagaStep]
  const asked = { by: 'ada', reason: 'the guest has called' }
  const said = { ...first, cause: { ...first.cause, ...asked } as SagaStep['cause'], emitted: [] }
  const [view] = timeline([said]).map((entry) => stepView(entry, aStory('s', beginning), viewing({})))
  expect(view?.cause).toMatchObject({ kind: 'event', name: 'Wished', ...asked })
})

test('a timer is called as its machine calls it, in the state in which it fired', () => {
  const [first] = itsSteps('s', beginning) as [SagaStep]
  const event = 'xstate.after.patience.guest.calling'
  const fired: SagaStep = {
    ...first,
    _id: 's:2',
    seq: 2,
    cause: { kind: 'timer', id: `${event}@1`, dueAt: beginning },
    emitted: [],
    state: null,
  }
  const definition = { states: { calling: { on: { [event]: [{ delay: 'patience', target: ['left'] }] } } } }
  const viewer = viewing(definition)
  const views = timeline([first, fired]).map((entry) => stepView(entry, aStory('s', beginning), viewer))
  expect(views.map(({ cause }) => cause.name)).toEqual(['Wished', 'patience'])
})

/** Whoever looks, when the machine is this one. */
function viewing(definition: object): Parameters<typeof stepView>[2] {
  return {
    tracker: { definitions: { of: () => ({ definition }), listenersOf: () => [] } },
    contracts: { events: {} },
    codec: { encode: () => ({ value: null, headers: {} }) },
    masking: { anything: (value: unknown) => value, isPersonal: () => false, event: () => ({}) },
    schemaVersion: () => null,
  } as unknown as Parameters<typeof stepView>[2]
}
