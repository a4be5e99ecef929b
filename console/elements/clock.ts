import { useSyncExternalStore } from 'react'
import type { Clock } from '../format/durations.ts'
import { useStored } from './stored.ts'

let now = Date.now()
const watchers = new Set<() => void>()

setInterval(() => {
  now = Date.now()
  for (const watcher of watchers) watcher()
}, 1_000)

/** The present moment in epoch ms, told once a second. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now)
}

/** How times are shown, and how to change it; kept in this browser. */
export function useClock(): readonly [Clock, (clock: Clock) => void] {
  return useStored<Clock>('clock', 'relative')
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange)
  return () => void watchers.delete(onChange)
}
