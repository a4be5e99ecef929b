import { events } from './generated/index.ts'

export type * from './generated/index.ts'
export { milestones } from './milestones.ts'
export type { EventContract, FieldSchema, FieldType, RecordSchema } from './schema.ts'
export { type Topic, topics } from './topics.ts'

/** All that may be said: every event and command by type, with its owner, topic, registry subject and Avro schema. */
export const contracts = { events }
