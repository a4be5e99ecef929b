import type { IconName } from '../elements/Icon.tsx'
import type { Screen } from '../router/address.ts'

/** The navigation: `key` follows `g`. */
export const screens: readonly {
  readonly screen: Screen
  readonly word: string
  readonly key: string
  readonly icon: IconName
}[] = [
  { screen: 'overview', word: 'Overview', key: 'o', icon: 'overview' },
  { screen: 'sagas', word: 'Sagas', key: 's', icon: 'sagas' },
  { screen: 'stuck', word: 'Stuck', key: 'k', icon: 'stuck' },
  { screen: 'dead-letters', word: 'Dead letters', key: 'd', icon: 'dead-letters' },
  { screen: 'lag', word: 'Lag', key: 'l', icon: 'lag' },
  { screen: 'topology', word: 'Topology', key: 't', icon: 'topology' },
  { screen: 'contracts', word: 'Contracts', key: 'c', icon: 'contracts' },
]
