/** What an address inside the console shows. */
export type Route =
  | { readonly screen: Screen }
  | { readonly screen: 'saga'; readonly sagaId: string }
  /** A key of any kind: on its way to its saga, or as those see it who answer customers. */
  | { readonly screen: 'find' | 'support'; readonly key: string }
  | { readonly screen: 'nothing'; readonly path: string }

/** The screens of the navigation. */
export type Screen = 'overview' | 'sagas' | 'stuck' | 'dead-letters' | 'lag' | 'topology' | 'contracts'

const screens: ReadonlySet<string> = new Set<Screen>([
  'overview',
  'sagas',
  'stuck',
  'dead-letters',
  'lag',
  'topology',
  'contracts',
])

/** The route of a path below the console, e.g. `/sagas/42`. */
export function routeOf(path: string): Route {
  const [first = '', second, ...rest] = path.split('/').slice(1).map(decoded)
  if (rest.length > 0) return { screen: 'nothing', path }
  if (second === undefined || second === '') {
    if (first === '') return { screen: 'overview' }
    return screens.has(first) ? { screen: first as Screen } : { screen: 'nothing', path }
  }
  if (first === 'sagas') return { screen: 'saga', sagaId: second }
  if (first === 'find') return { screen: 'find', key: second }
  if (first === 'o') return { screen: 'support', key: second }
  return { screen: 'nothing', path }
}

/** The path of a screen, a saga or a key of any kind. */
export function pathOf(route: Exclude<Route, { screen: 'nothing' }>): string {
  if (route.screen === 'overview') return '/'
  if (route.screen === 'saga') return `/sagas/${encodeURIComponent(route.sagaId)}`
  if (route.screen === 'find') return `/find/${encodeURIComponent(route.key)}`
  if (route.screen === 'support') return `/o/${encodeURIComponent(route.key)}`
  return `/${route.screen}`
}

/** A query string with some parameters changed; `null` and the empty string take one away. Begins with `?`, or is empty. */
export function withParams(search: string, changes: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams(search)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(name)
    else params.set(name, value)
  }
  return params.size === 0 ? '' : `?${params}`
}

/** Those parameters of a query string that have these names, in this order, and `more`: so equal questions are equal texts. */
export function pickParams(
  search: string,
  names: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string {
  const given = new URLSearchParams(search)
  const picked = Object.fromEntries(names.map((name) => [name, given.get(name)]))
  return withParams('', { ...picked, ...more })
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
