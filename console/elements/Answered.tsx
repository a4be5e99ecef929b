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

/** What to do about the problems that people meet. */
const remedies: Readonly<Record<string, string>> = {
  unreachable:
    'The tracker does not answer. Orders go on without it; its log says why it is away, and npm start brings it back.',
  'store-unavailable':
    'The tracker cannot read its stories: its database does not answer. It is asked again every few seconds.',
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
        <strong>{error.code === 'unreachable' ? 'No answer' : error.message}</strong>{' '}
        <span className="mono small soft">{error.code}</span>
        <p>
          {remedies[error.code] ?? 'The log of the tracker says more.'}
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
