import { useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import type { StreamEvent } from '../../services/tracker/api.ts'

/** `polling` while the stream is away: everything is asked for again every few seconds instead. */
export type Liveliness = {
  readonly state: 'connecting' | 'live' | 'polling' | 'paused'
  /** Changes that were not shown yet, because it is paused. */
  readonly missed: number
}

const pollEvery = 5_000
const listeners = new Set<(change: StreamEvent) => void>()
const watchers = new Set<() => void>()
let liveliness: Liveliness = { state: 'connecting', missed: 0 }
let connection: Liveliness['state'] = 'connecting'
let source: EventSource | undefined

/** Opens the stream once; it stays open as long as the page, and opens itself again. */
export function connect(): void {
  source?.close()
  source = new EventSource('/api/v1/stream')
  source.onopen = () => {
    if (connection === 'polling') tell({ type: 'reset' })
    become('live')
  }
  source.onerror = () => become('polling')
  source.onmessage = ({ data }) => tell(JSON.parse(data) as StreamEvent)
}

setInterval(() => {
  if (connection !== 'polling') return
  tell({ type: 'reset' })
  if (source?.readyState === EventSource.CLOSED) connect()
}, pollEvery)

/** Keeps what is shown as it is until it is called again. */
export function togglePause(): void {
  const wasPaused = liveliness.state === 'paused'
  const { missed } = liveliness
  show({ state: wasPaused ? connection : 'paused', missed: 0 })
  if (wasPaused && missed > 0) tell({ type: 'reset' })
}

export function useLiveliness(): Liveliness {
  return useSyncExternalStore(watch, () => liveliness)
}

/** Calls back for every change, unless it is paused. */
export function useChanges(onChange: (change: StreamEvent) => void): void {
  const call = useEffectEvent(onChange)
  useEffect(() => {
    const listener = (change: StreamEvent) => call(change)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
}

function tell(change: StreamEvent): void {
  if (liveliness.state === 'paused') show({ state: 'paused', missed: liveliness.missed + 1 })
  else for (const listener of listeners) listener(change)
}

function become(state: Liveliness['state']): void {
  connection = state
  if (liveliness.state !== 'paused') show({ state, missed: 0 })
}

function show(next: Liveliness): void {
  liveliness = next
  for (const watcher of watchers) watcher()
}

function watch(onChange: () => void): () => void {
  watchers.add(onChange)
  return () => void watchers.delete(onChange)
}
