/** The part of Avro that contracts use: records of scalars, arrays, optional values and nested records. */
export type FieldType =
  | string
  | RecordSchema
  | { type: 'array'; items: FieldType }
  | { type: 'map'; values: FieldType }
  | FieldType[]

export type FieldSchema = {
  name: string
  type: FieldType
  doc: string
  /** Personal data: views mask it. */
  personal?: boolean
  /** What readers get when the writer did not know the field; every field added later has one. */
  default?: unknown
}

export type RecordSchema = {
  type: 'record'
  name: string
  namespace?: string
  /** The topic that carries the event; on the outermost record only. */
  topic?: string
  doc: string
  fields: FieldSchema[]
}

/** One event or command: who owns it, which topic carries it, its registry subject and its Avro schema. */
export type EventContract = {
  readonly type: string
  readonly owner: string
  readonly topic: string
  /** `<topic>-<namespace.Record>` (TopicRecordName). */
  readonly subject: string
  readonly schema: RecordSchema
}
