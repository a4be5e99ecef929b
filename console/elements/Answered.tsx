import type { ReactNode } from 'react'
import type { RequestError } from '../api/request.ts'
import type { Query } from '../api/use-query.ts'
import { Icon } from './Icon.tsx'
import './empty.css'

type AnsweredProps<T> = {
  readonly query: Query<T>
  readonly children: (data: T) => ReactNode
}

/** Shows an answer once it is there; an error beside what was known last, or alone. */
export function Answered<T>({ query: { data, error, refresh }, children }: AnsweredProps<T>) {
  return (
    <>
      {error && <Failure error={error} hasData={data !== undefined} onRetry={refresh} />}
      {data !== undefined ? children(data) : !error && <Loading />}
    </>
  )
}

export function Loading() {
  return (
    <div className="loading" role="status">
      <span className="hidden-visually">Loading</span>
      <span />
      <span />
      <span />
    </div>
  )
}

/** The problems that people meet: what happened, and what to do. */
const known: Readonly<Record<string, { readonly title: string; readonly remedy: string }>> = {
  unreachable: {
    title: 'No answer',
    remedy:
      'The tracker does not answer. Orders go on without it; its log says why it is away, and npm start brings it back.',
  },
  'store-unavailable': {
    title: 'The store does not answer',
    remedy:
      'The tracker cannot read its stories. Look at the log of its database, or run npm run doctor. It is asked again every few seconds.',
  },
}

type FailureProps = {
  readonly error: RequestError
  readonly hasData?: boolean
  readonly onRetry?: () => void
}

export function Failure({ error, hasData = false, onRetry }: FailureProps) {
  return (
    <div className="failure" role="alert">
      <Icon name="stuck" />
      <div>
        <strong>{known[error.code]?.title ?? error.message}</strong>{' '}
        <span className="mono small soft">{error.code}</span>
        <p>
          {known[error.code]?.remedy ?? 'The log of the tracker says more.'}
          {hasData && ' What you see is what was known last.'}
        </p>
      </div>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  )
}
