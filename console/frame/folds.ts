type Pressed = Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>

/**
 * What `[` and `]` do with all that can be folded; `undefined` for any other key. On many keyboards they need Alt, or AltGr, which some
 * systems tell as Ctrl and Alt.
 */
export function foldingOf({ key, metaKey, ctrlKey, altKey }: Pressed): 'close' | 'open' | undefined {
  if (metaKey || (ctrlKey && !altKey)) return undefined
  return key === '[' ? 'close' : key === ']' ? 'open' : undefined
}

/** Closes or opens every part of the screen that can be folded. */
export function foldAll(folding: 'close' | 'open'): void {
  for (const part of document.querySelectorAll<HTMLDetailsElement>('main details'))
    part.open = folding === 'open'
}
