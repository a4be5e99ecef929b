import { describe, expect, test } from '@jest/globals'
import { kitchen, meal } from './machine.fixtures.ts'
import type { Machine, State } from './machine.ts'
import { progressOf } from './progress.ts'

const all = (states: readonly State[]): State[] => states.flatMap((state) => [state, ...all(state.children)])

function standings(machine: Machine, path: readonly string[]) {
  const { standing } = progressOf(machine, path)
  return Object.fromEntries(all(machine.states).map((state) => [state.path, standing(state)]))
}

function goings(machine: Machine, path: readonly string[], going: string) {
  const progress = progressOf(machine, path)
  return machine.ways.filter((way) => progress.going(way) === going).map(({ from, to }) => `${from} → ${to}`)
}

describe('what a machine tells', () => {
  test('ways carry what leads along them, in plain words', () => {
    expect(meal().ways).toContainEqual({ from: 'throwing', to: 'thrown', by: ['after 500 ms'] })
    expect(meal().ways).toContainEqual({ from: 'cooking.raw', to: 'cooking.done', by: ['after heat'] })
    expect(meal().ways).toContainEqual({ from: 'cooking', to: 'throwing', by: ['Cancelled', 'plate fails'] })
    expect(meal().ways).toContainEqual({ from: 'cooking', to: 'served', by: ['plate answers'] })
  })

  test('an event that leads nowhere is no way', () => {
    expect(meal().ways.flatMap(({ by }) => by)).not.toContain('Noted')
  })

  test('what undoes is known by its tag, what ends by its type', () => {
    const marked = all(meal().states).filter(({ isCompensation }) => isCompensation)
    expect(marked.map(({ path }) => path)).toEqual(['throwing', 'thrown'])
    expect(
      all(meal().states)
        .filter(({ isFinal }) => isFinal)
        .map(({ key }) => key),
    ).toEqual(['thrown', 'eaten', 'dropped'])
  })
})

describe('how far a saga is', () => {
  test('it knows where it is, where it was, what comes next, what can come later and what cannot come any more', () => {
    expect(standings(meal(), ['ordered', 'cooking.raw', 'served'])).toEqual({
      ordered: 'visited',
      cooking: 'visited',
      'cooking.raw': 'visited',
      'cooking.done': 'closed',
      served: 'current',
      throwing: 'next',
      thrown: 'possible',
      eaten: 'next',
      dropped: 'closed',
    })
  })

  test('the first step begins where the machine does, even when nobody saw it there', () => {
    expect(goings(meal(), ['cooking.raw'], 'taken')).toEqual(['ordered → cooking'])
    expect(standings(meal(), ['cooking.raw'])).toMatchObject({
      ordered: 'visited',
      cooking: 'current',
      dropped: 'closed',
    })
  })

  test('a step that went through several states at once marks all ways between', () => {
    expect(goings(meal(), ['cooking.raw', 'eaten'], 'taken')).toEqual([
      'ordered → cooking',
      'cooking → served',
      'served → eaten',
    ])
  })

  test('a way around a state leads out of every state inside it', () => {
    expect(goings(meal(), ['cooking.raw', 'cooking.done'], 'next')).toEqual([
      'cooking → throwing',
      'cooking → served',
    ])
  })

  test('a state to which it may come back was visited, and the way back can still be gone', () => {
    const path = ['cooking.raw', 'served', 'throwing']
    expect(standings(meal(), path)).toMatchObject({
      served: 'visited',
      throwing: 'current',
      thrown: 'next',
      eaten: 'possible',
    })
    expect(goings(meal(), path, 'next')).toEqual(['throwing → served', 'throwing → thrown'])
  })

  test('nothing has come, and everything may, before it begins', () => {
    expect(standings(meal(), [])).toMatchObject({ cooking: 'next', dropped: 'next', served: 'possible' })
    expect(Object.values(standings(meal(), []))).not.toContain('visited')
  })

  test('nothing can come any more after an end', () => {
    const after = standings(meal(), ['dropped'])
    expect(
      Object.entries(after).filter(([, standing]) => standing === 'next' || standing === 'possible'),
    ).toEqual([])
  })

  test('two things at once go their ways each by itself', () => {
    const path = ['oven.cold, door.shut', 'oven.hot, door.shut']
    expect(standings(kitchen(), path)).toMatchObject({
      'oven.hot': 'current',
      'oven.cold': 'visited',
      'door.shut': 'current',
      'door.open': 'next',
    })
    expect(goings(kitchen(), path, 'taken')).toEqual(['oven.cold → oven.hot'])
  })
})
