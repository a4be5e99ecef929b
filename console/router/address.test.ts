import { expect, test } from '@jest/globals'
import { pathOf, pickParams, routeOf, withParams } from './address.ts'

test.each([
  ['', { screen: 'overview' }],
  ['/', { screen: 'overview' }],
  ['/dead-letters', { screen: 'dead-letters' }],
  ['/sagas/', { screen: 'sagas' }],
  ['/sagas/a%2Fb', { screen: 'saga', sagaId: 'a/b' }],
  ['/o/pay 1', { screen: 'support', key: 'pay 1' }],
  ['/find/pay 1', { screen: 'find', key: 'pay 1' }],
  ['/sagas/%E0', { screen: 'saga', sagaId: '%E0' }],
  ['/elsewhere', { screen: 'nothing', path: '/elsewhere' }],
  ['/sagas/a/b', { screen: 'nothing', path: '/sagas/a/b' }],
])('the address %j is understood', (path, route) => {
  expect(routeOf(path)).toEqual(route)
})

test('the address of a saga or of a key leads back to it, whatever its id', () => {
  for (const sagaId of ['42', 'a/b', '50%', 'ü?#'])
    expect(routeOf(pathOf({ screen: 'saga', sagaId }))).toEqual({ screen: 'saga', sagaId })
  for (const screen of ['find', 'support'] as const)
    expect(routeOf(pathOf({ screen, key: 'a/b?' }))).toEqual({ screen, key: 'a/b?' })
})

test('a filter that is taken away leaves nothing in the address, and the others as they were', () => {
  const both = withParams('?state=active', { step: 'meal.cooking' })
  expect(both).toBe('?state=active&step=meal.cooking')
  expect(withParams(both, { state: null })).toBe('?step=meal.cooking')
  expect(withParams('?state=active', { state: '' })).toBe('')
})

test('what is asked for is picked from the address, in one order, whatever else it says', () => {
  expect(pickParams('?step=a.b&tab=x&state=active&q=', ['q', 'state', 'step'])).toBe('?state=active&step=a.b')
  expect(pickParams('', ['q'], { limit: '50' })).toBe('?limit=50')
})
