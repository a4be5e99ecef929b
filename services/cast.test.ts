import { describe, expect, test } from '@jest/globals'
import { type AnyStateMachine, type AnyStateNode, getNextTransitions, type StateValue } from 'xstate'
import { contracts } from '#contracts'
import { participants } from './cast.ts'

/** Every state that a machine can be in, as its value. */
function valuesOf(node: AnyStateNode): readonly StateValue[] {
  const children = Object.values(node.states as Record<string, AnyStateNode>)
  return children.flatMap((child): readonly StateValue[] => {
    const below = valuesOf(child)
    return below.length > 0 ? below.map((value) => ({ [child.key]: value })) : [child.key]
  })
}

function takenIn(machine: AnyStateMachine, value: StateValue): readonly string[] {
  const snapshot = machine.resolveState({ value, context: {} })
  return getNextTransitions(snapshot).map(({ eventType }) => eventType)
}

const signals = Object.values(contracts.events).filter(({ topic }) => topic.endsWith('.control'))
const listeners = signals.flatMap(({ type, owner }) => {
  const machine = participants[owner as keyof typeof participants]
  const [, ...later] = valuesOf(machine.root)
  const open = later.filter((value) => machine.resolveState({ value, context: {} }).status === 'active')
  return open.map((value) => ({ type, owner, machine, value }))
})

describe('a word of a person', () => {
  test('is one of those that the contracts place on a control topic', () => {
    expect([...new Set(listeners.map(({ type }) => type))].sort()).toEqual(
      signals.map(({ type }) => type).sort(),
    )
  })

  // What a state does not take in, though a later one does, is kept and acts then: nobody would expect it any more.
  test.each(listeners)('$type is never kept for later: $owner takes it in while $value', (listener) => {
    expect(takenIn(listener.machine, listener.value)).toContain(listener.type)
  })

  test.each(signals)('$type begins nothing at $owner', ({ type, owner }) => {
    const machine = participants[owner as keyof typeof participants]
    expect(takenIn(machine, 'new')).not.toContain(type)
  })
})
