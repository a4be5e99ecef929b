import { useCallback, useSyncExternalStore } from 'react'
import { withParams } from './address.ts'

const base = '/console'

/** Goes to an address below the console, e.g. `/sagas?state=active`. Replacing leaves no step to go back to. */
export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', hrefOf(to))
  dispatchEvent(new PopStateEvent('popstate'))
}

/** What a link to this address needs. */
export function hrefOf(to: string): string {
  return to.startsWith('/?') || to === '/' ? base + to.slice(1) : base + to
}

/** The path below the console; changes as people navigate. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, path)
}

/** The query string, with its `?`. */
export function useSearch(): string {
  return useSyncExternalStore(subscribe, () => location.search)
}

type SetParam = (value: string | null) => void

/** One parameter of the address, and how to set it. Setting replaces: Back leads to another screen, not to another filter. */
export function useParam(name: string): readonly [string | null, SetParam] {
  const search = useSearch()
  const set = useCallback<SetParam>((value) => setParams({ [name]: value }), [name])
  return [new URLSearchParams(search).get(name), set]
}

/** Sets several parameters at once; `null` takes one away. */
export function setParams(changes: Readonly<Record<string, string | null>>): void {
  navigate(path() + withParams(location.search, changes), { replace: true })
}

/** Takes these parameters away. */
export function clearParams(names: readonly string[]): void {
  setParams(Object.fromEntries(names.map((name) => [name, null])))
}

function path(): string {
  return location.pathname.slice(base.length) || '/'
}

function subscribe(onChange: () => void): () => void {
  addEventListener('popstate', onChange)
  return () => removeEventListener('popstate', onChange)
}
