import { useEffect, useState } from 'react'
import { Icon, type IconName } from './Icon.tsx'

type CopyProps = {
  /** What is copied. */
  readonly text: string
  /** What it is, e.g. `saga id`. */
  readonly what: string
  readonly icon?: IconName
  /** Words on the button; without them it is an icon. */
  readonly label?: string
}

/** Copies a text, and says that it did. */
export function Copy({ text, what, icon = 'copy', label }: CopyProps) {
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(false), 1_500)
    return () => clearTimeout(timer)
  }, [done])
  return (
    <button
      type="button"
      className={label ? 'button' : 'button quiet above-row-link copy'}
      title={label ? text : `Copy the ${what}`}
      aria-label={label ? undefined : `Copy the ${what}`}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
    >
      <Icon name={done ? 'check' : icon} size={14} />
      {label}
      <span className="hidden-visually" aria-live="polite">
        {done ? `copied: ${what}` : ''}
      </span>
    </button>
  )
}
