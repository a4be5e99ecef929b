import { expect, test } from '@jest/globals'
import type { DefinitionView, SagaView } from '../../../services/tracker/api.ts'
import { lanesOf } from './lanes.ts'

function definition(
  participant: string,
  version: string,
  listensTo: readonly string[],
  emits: readonly string[],
): DefinitionView {
  return {
    participant,
    version,
    definition: {},
    emits,
    listensTo: listensTo.map((type) => ({ type, topic: 'meal.events' })),
  }
}

const definitions = [
  definition('guest', '1', [], ['Ordered']),
  definition('cook', '9', ['Ordered'], ['Cooked']),
  definition('cook', '10', ['Ordered'], ['Cooked']),
  definition('gardener', '1', ['Rained'], []),
]

const viewWith = (...parts: readonly { participant: string; version: string }[]) =>
  ({ parts }) as unknown as SagaView

test('who may still begin has a column, with the newest machine; who has nothing to do with it has none', () => {
  const lanes = lanesOf(viewWith({ participant: 'guest', version: '1' }), definitions)
  expect(
    lanes.map(({ participant, part, definition }) => [participant, part !== undefined, definition?.version]),
  ).toEqual([
    ['guest', true, '1'],
    ['cook', false, '10'],
  ])
})

test('a part is drawn with the version that it began with, or the newest when that one is not known', () => {
  const lanes = lanesOf(
    viewWith({ participant: 'cook', version: '9' }, { participant: 'guest', version: '0' }),
    definitions,
  )
  expect(lanes.map(({ definition }) => definition?.version)).toEqual(['9', '1'])
})
