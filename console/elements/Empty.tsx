import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon.tsx'
import './empty.css'

type EmptyProps = {
  readonly icon: IconName
  readonly title: string
  /** What to do about it. */
  readonly children?: ReactNode
}

/** Says that there is nothing, and what one can do. */
export function Empty({ icon, title, children }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} size={22} />
      <p className="empty-title">{title}</p>
      {children && <div className="soft">{children}</div>}
    </div>
  )
}
