import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const changed = 'chorus.theme'

/** The chosen theme and how to choose another. public/theme.js has set it before the first paint. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, current), choose]
}

/** Calls back whenever the colours change: by choice, or by the system. */
export function subscribe(onChange: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  addEventListener(changed, onChange)
  system.addEventListener('change', onChange)
  return () => {
    removeEventListener(changed, onChange)
    system.removeEventListener('change', onChange)
  }
}

function current(): Theme {
  return (document.documentElement.dataset.theme as Theme | undefined) ?? 'system'
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    localStorage.setItem(changed, theme)
  } catch {
    // It holds for this page, then.
  }
  dispatchEvent(new Event(changed))
}
