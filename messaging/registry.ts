import type { Schema } from 'avsc'

/** The schema registry, as services use it: they look up, they never register. Two implementations: REST (Confluent API) and memory. */
export type SchemaRegistry = {
  /** The id under which exactly this schema stands in `subject`; a `TerminalError` with the fix (`npm run contracts:publish`) when it is not there, `RetryableError` when the registry does not answer. */
  idOf(subject: string, schema: Schema): Promise<number>
  /** The schema with this id; `PoisonError` when the registry answers 404, `RetryableError` when it does not answer. */
  schemaOf(id: number): Promise<Schema>
}
