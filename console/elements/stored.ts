import { useSyncExternalStore } from 'react'

const changed = 'chorus.stored'

/** A value that this browser keeps, e.g. saved filters. Where nothing can be kept, it lives as long as the page. */
export function useStored<T>(name: string, initial: T): readonly [T, (value: T) => void] {
  const text = useSyncExternalStore(subscribe, () => read(name))
  return [text === null ? initial : parsed(text, initial), (value) => write(name, JSON.stringify(value))]
}

const kept = new Map<string, string>()

function read(name: string): string | null {
  try {
    return localStorage.getItem(`chorus.${name}`)
  } catch {
    return kept.get(name) ?? null
  }
}

function write(name: string, text: string): void {
  try {
    localStorage.setItem(`chorus.${name}`, text)
  } catch {
    kept.set(name, text)
  }
  dispatchEvent(new Event(changed))
}

function parsed<T>(text: string, initial: T): T {
  try {
    return JSON.parse(text) as T
  } catch {
    return initial
  }
}

function subscribe(onChange: () => void): () => void {
  addEventListener(changed, onChange)
  addEventListener('storage', onChange)
  return () => {
    removeEventListener(changed, onChange)
    removeEventListener('storage', onChange)
  }
}
