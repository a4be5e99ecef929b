import { useEffect, useEffectEvent } from 'react'
import { togglePause } from '../api/live.ts'
import { pathOf } from '../router/address.ts'
import { navigate } from '../router/location.ts'
import { foldAll, foldingOf } from './folds.ts'
import { screens } from './screens.ts'

/** The keys that work on every screen, as the help shows them. */
export const keys: readonly (readonly [keys: string, does: string])[] = [
  ['/', 'search; also Ctrl K or ⌘ K'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['Esc', 'close what is open'],
  ['[  ]', 'fold everything, and unfold it'],
  ['p', 'pause, and go on'],
  ...screens.map(({ key, word }) => [`g ${key}`, `go to ${word}`] as const),
  ['?', 'this help'],
]

const chordLimit = 1_200

type Handlers = { readonly onSearch: () => void; readonly onHelp: () => void }

/** Listens to the keys of the whole page; never while somebody types or a dialog is open. */
export function useKeys({ onSearch, onHelp }: Handlers): void {
  const press = useEffectEvent((event: KeyboardEvent, wasGo: boolean) => {
    const folding = foldingOf(event)
    const isPalette = event.key === 'k' && (event.ctrlKey || event.metaKey)
    if (isPalette || event.key === '/') onSearch()
    else if (folding) foldAll(folding)
    else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (wasGo) goTo(event.key)
    else if (event.key === '?') onHelp()
    else if (event.key === 'p') togglePause()
    else if (event.key === 'j') step(1)
    else if (event.key === 'k') step(-1)
    else return
    event.preventDefault()
  })
  useEffect(() => {
    let goAt = 0
    const listener = (event: KeyboardEvent) => {
      if (isTyping(event.target) || document.querySelector('dialog[open]')) return
      const wasGo = Date.now() - goAt < chordLimit
      goAt = event.key === 'g' && !wasGo ? Date.now() : 0
      press(event, wasGo)
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
}

function goTo(key: string): void {
  const found = screens.find((screen) => screen.key === key)
  if (found) navigate(pathOf({ screen: found.screen }))
}

/** Rows are links or buttons, so the focus is all that moves. It leaves out those that are folded away. */
function step(by: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const rows = all.filter((row) => row.checkVisibility())
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = at === -1 ? rows[0] : rows[at + by]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select')
}
