import { Icon } from './Icon.tsx'

/** Whatever the tracker knows from the broker is old: since when nobody knows, so it says what may be wrong, and what to do. */
export function BrokerAway({ error }: { readonly error: string }) {
  return (
    <p className="notice warn" role="status">
      <Icon name="stuck" />
      <span>
        The broker does not answer: {error}. Lag, and causes that follow from it, are as it said last. Sagas
        wait and go on by themselves when it is back: look at its log, or <code>npm run doctor</code>.
      </span>
    </p>
  )
}
