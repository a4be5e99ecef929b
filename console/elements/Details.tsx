import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { Icon } from './Icon.tsx'
import './details.css'

type DetailsProps = {
  readonly title: string
  readonly subtitle: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Everything about one thing, beside the list that it is in; Escape closes it. */
export function Details({ title, subtitle, onClose, children }: DetailsProps) {
  const close = useEffectEvent(onClose)
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) close()
    }
    addEventListener('keydown', listener)
    return () => removeEventListener('keydown', listener)
  }, [])
  return (
    <aside className="details" aria-label={`Details: ${title}`}>
      <header>
        <div>
          <h2>{title}</h2>
          <p className="soft small">{subtitle}</p>
        </div>
        <button type="button" className="button quiet" aria-label="Close the details" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {children}
    </aside>
  )
}

/** Names and values; what has no value is left out. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="details-facts small">
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  )
}
