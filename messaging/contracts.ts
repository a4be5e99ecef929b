import type { Schema } from 'avsc'
import type { TraceContext } from '#observability'
import type { Asker } from './asker.ts'

/** One event (or command) of the contract: which topic carries it, who owns it, its Avro schema and registry subject. */
export type EventContract = {
  readonly type: string
  readonly topic: string
  readonly owner: string
  /** `<topic>-<namespace.Record>` (TopicRecordName). */
  readonly subject: string
  readonly schema: Schema
}

/** All that may be said, by event type. `#contracts` exports one; messaging and orchestration take it as a value. */
export type Contracts = {
  readonly events: Readonly<Record<string, EventContract>>
}

/** A decoded event with its CloudEvents attributes. `data` is the record's fields. */
export type Envelope<Data = Readonly<Record<string, unknown>>> = Asker & {
  readonly id: string
  readonly type: string
  /** Who said it: the participant's name. */
  readonly source: string
  /** CloudEvents `subject`: the saga id, equal to the message key. */
  readonly sagaId: string
  /** Epoch milliseconds. */
  readonly time: number
  /** Id of the event (or timer, or effect) that caused this one. */
  readonly causationId?: string
  readonly trace: TraceContext
  readonly data: Data
}
