import { describe, expect, test } from '@jest/globals'
import { awaitedEvents, delayName, hasTag, stateName } from './machine-definition.ts'
import { definitions } from './meal.fixtures.ts'

describe('a machine definition that came through JSON', () => {
  const guest = definitions[0]?.definition

  test('an event that is declared only to be ignored is not waited for', () => {
    expect(awaitedEvents(guest, 'waiting')).not.toContain('MealWished')
    expect(awaitedEvents(guest, 'hungry')).toEqual(['MealWished'])
  })

  test('a deeper state replaces what the states around it say of an event', () => {
    const on = (type: string, target?: string) => ({
      [type]: [{ actions: [], ...(target && { target: [target] }) }],
    })
    const nested = {
      on: { ...on('Stop', '#end'), ...on('Go', '#go') },
      states: { outer: { states: { inner: { on: on('Stop') } } } },
    }
    expect(awaitedEvents(nested, { outer: 'inner' })).toEqual(['Go'])
    expect(awaitedEvents(nested, { outer: {} })).toEqual(['Stop', 'Go'])
  })

  test('a tag counts in the state that has it, and in those within it', () => {
    const tagged = { states: { outer: { tags: ['undo'], states: { inner: {} } }, other: {} } }
    expect(hasTag(tagged, { outer: 'inner' }, 'undo')).toBe(true)
    expect(hasTag(tagged, 'other', 'undo')).toBe(false)
    expect(hasTag(undefined, 'other', 'undo')).toBe(false)
  })

  test('an unnamed delay is told in milliseconds', () => {
    const timed = { states: { a: { on: { 'xstate.after.500.m.a': [{ delay: 500 }] } } } }
    expect(delayName(timed, 'a', 'xstate.after.500.m.a')).toBe('500 ms')
    expect(delayName(undefined, 'a', 'tick')).toBe('tick')
  })

  test('a state value is told in one word', () => {
    expect(stateName('a')).toBe('a')
    expect(stateName({ a: 'b' })).toBe('a.b')
    expect(stateName({ left: 'on', right: { off: 'cold' } })).toBe('left.on, right.off.cold')
    expect(stateName({ left: {} })).toBe('left')
  })
})
