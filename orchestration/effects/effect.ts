/** What an effect's work gets. `signal` aborts at the deadline and when the process stops. */
export type EffectCall<Input = unknown> = {
  readonly input: Input
  /** The same for every attempt of this effect, in every process: hand it to the other side. */
  readonly idempotencyKey: string
  readonly signal: AbortSignal
  readonly sagaId: string
}

export type Retry = {
  /** First back-off in ms. Default 200. */
  readonly initial?: number
  /** Largest back-off in ms. Default 10,000. */
  readonly max?: number
}

/** An outside system that effects call. */
export type Dependency = {
  /** Effects that name the same one share its bound and its circuit breaker, within one participant of a process. */
  readonly name: string
  /** Attempts at the same time; others wait for their turn. Default 128. */
  readonly concurrency?: number
}

/**
 * The work behind an invoked actor's name. Its resolved value enters the machine as `done`; a `TerminalError` enters as `error`;
 * any other error is tried again with back-off until the deadline, which enters as `error` too.
 */
export type Effect<Input = never, Output = unknown> = {
  run(call: EffectCall<Input>): Promise<Output>
  readonly retry?: Retry
  /** Milliseconds from the first start, over all attempts and restarts. Without it the effect is tried for ever. */
  readonly deadline?: number
  /**
   * What it calls. While that does not answer, no attempt is made and none is counted: the effect waits, until its deadline.
   * Default: something of its own.
   */
  readonly dependency?: Dependency
}
