import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import './status.css'

export type Tone = 'accent' | 'good' | 'warn' | 'bad' | 'calm'

type StatusProps = {
  readonly tone: Tone
  readonly icon: IconName
  readonly children: ReactNode
}

/** A status is a word, an icon and a colour: whoever cannot see one of them has the others. */
export function Status({ tone, icon, children }: StatusProps) {
  return (
    <span className={`status ${tone}`}>
      <Icon name={icon} size={13} />
      {children}
    </span>
  )
}
