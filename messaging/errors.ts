/**
 * Two words decide what happens after an error, everywhere in Chorus: a `RetryableError` is tried again, a `TerminalError`
 * is not. (The pair of words is Restate's.) Any other error is treated as retryable: an unknown fault must not end a saga.
 */
export type ErrorOptions = { readonly cause?: unknown; readonly code?: string }

/** Trying again may help: a time-out, a refused connection, a server that answers 503. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError'
  readonly code: string
  /** Milliseconds before which trying again cannot help, when the other side has named them. */
  readonly retryAfter: number | undefined
  constructor(message: string, options: ErrorOptions & { readonly retryAfter?: number | undefined } = {}) {
    super(message, { cause: options.cause })
    this.code = options.code ?? 'CHORUS_RETRYABLE'
    this.retryAfter = options.retryAfter
  }
}

/** Trying again cannot help: a refusal, a misuse, a contradiction. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError'
  readonly code: string
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.code = options.code ?? 'CHORUS_TERMINAL'
  }
}

/** A message that no retry can make readable or acceptable; it belongs into the dead letters. */
export class PoisonError extends TerminalError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, code: options.code ?? 'CHORUS_POISON' })
  }
}
