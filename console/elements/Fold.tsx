import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import './fold.css'

type FoldProps = {
  readonly word: ReactNode
  /** As it is at first; then as people leave it. */
  readonly isOpen?: boolean
  readonly children: ReactNode
}

/** A part of the screen that can be put away: by a click, or with all others by `[`; `]` opens them. */
export function Fold({ word, isOpen = true, children }: FoldProps) {
  return (
    <details className="fold" open={isOpen}>
      <summary className="small soft">
        <Icon name="next" size={12} />
        {word}
      </summary>
      {children}
    </details>
  )
}
