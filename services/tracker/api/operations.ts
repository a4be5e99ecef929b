/** `GET /dead-letters?group=&code=&type=&saga=&all=`: open ones; with `all=true` resolved ones too. */
export type DeadLetters = {
  readonly groups: readonly {
    readonly group: string
    readonly code: string
    readonly type: string | null
    /** Of the newest one. */
    readonly reason: string
    readonly count: number
    readonly first: string
    readonly last: string
  }[]
  /** Newest first, 500 at most. */
  readonly letters: readonly LetterView[]
  /** Of the whole answer. */
  readonly total: number
}

export type LetterView = {
  readonly id: string
  readonly group: string
  readonly code: string
  readonly reason: string
  readonly type: string | null
  readonly sagaId: string | null
  readonly at: string
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly times: number
  readonly holds: boolean
  readonly resolution: {
    readonly became: string
    readonly by: string
    readonly reason: string
    readonly at: string
  } | null
}

/** `GET /dead-letters/{id}`: and what was in it, masked; `bytes` are the first 64 in hex of what cannot be read. */
export type LetterDetail = LetterView & {
  readonly headers: Readonly<Record<string, string>>
  readonly data: unknown
  readonly bytes: string | null
}

/**
 * `POST /dead-letters/{redrive|discard}`: 202 with an `Operation`; a dry run answers 200 with the operation that it would be. This and
 * every other POST is refused unless `settings.isWritable`, and needs the header `x-chorus-token: <settings.token>`.
 */
export type LetterCommand = {
  readonly letters: readonly string[]
  readonly reason: string
  readonly by: string
  readonly dryRun?: boolean
}

/** `POST /sagas/{id}/commands`: 202 with an `Operation`. */
export type SagaCommand = {
  readonly command: 'pause' | 'resume' | 'retry' | 'signal'
  readonly participant?: string
  /** Of a signal: the event to say. */
  readonly type?: string
  readonly data?: Readonly<Record<string, unknown>>
  readonly reason: string
  readonly by: string
}

/**
 * `GET /operations` (`{operations}`, the newest first, without their items) and `GET /operations/{id}`: who did what, and how far it is.
 * The tracker remembers the last 200 until it is restarted; the journals and the dead letters tell it for good.
 */
export type Operation = {
  readonly id: string
  readonly action: string
  readonly by: string
  readonly reason: string
  readonly at: string
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly state: 'running' | 'done'
  /** By letter id, or by participant. `ok` is false for what was refused or came to nothing. */
  readonly items: readonly { readonly id: string; readonly outcome: string; readonly ok: boolean }[]
}
