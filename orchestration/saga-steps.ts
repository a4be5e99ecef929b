import type { OutgoingMessage } from '#messaging'
import type { JournalRow, Letter } from './journal.ts'
import type { Participant } from './participant.ts'
import { rowText } from './row-text.ts'

/** One record per step of every participant, for whoever watches. JSON: a step holds states and payloads of every shape. */
export const stepsTopic = 'saga.steps'

/** One record per participant and version, compacted: the machine's definition, so that it can be drawn without importing it. */
export const definitionsTopic = 'saga.definitions'

/** A row without the bytes of its letters: they are in the dead letters. */
export type SagaStep = JournalRow & { readonly participant: string }

export type SagaDefinition = {
  readonly participant: string
  readonly version: string
  /** `machine.definition` of XState. */
  readonly definition: unknown
  readonly listensTo: readonly { readonly type: string; readonly topic: string }[]
  /** The types that it may say. Absent in what was published before this was told. */
  readonly emits?: readonly string[]
}

export function stepMessage(part: Participant, row: JournalRow): OutgoingMessage {
  return {
    topic: stepsTopic,
    key: row.sagaId,
    value: Buffer.from(stepText(part, row)),
    // It says all of it itself, and each header costs a client as much as a hundred bytes of a value.
    headers: { 'content-type': 'application/json' },
  }
}

/** A `SagaStep` as JSON. */
function stepText(part: Participant, row: JournalRow): string {
  const told = row.letters ? { ...row, letters: row.letters.map(withoutBytes) } : row
  return `{"participant":${JSON.stringify(part.name)},${rowText(told).slice(1)}`
}

function withoutBytes(letter: Letter): Letter {
  return 'record' in letter ? { ...letter, record: { ...letter.record, value: null } } : letter
}

export function definitionMessage(part: Participant): OutgoingMessage {
  const definition: SagaDefinition = {
    participant: part.name,
    version: part.version,
    definition: part.machine.definition,
    listensTo: [...part.listensTo].map((type) => ({ type, topic: part.contracts.events[type]?.topic ?? '' })),
    emits: sayings(part),
  }
  return {
    topic: definitionsTopic,
    key: `${part.name}@${part.version}`,
    value: Buffer.from(JSON.stringify(definition)),
    headers: { 'content-type': 'application/json' },
  }
}

/** What is its own, without the commands and signals that others say to it. */
function sayings({ name, contracts, listensTo }: Participant): string[] {
  const own = Object.values(contracts.events).filter(
    ({ owner, type }) => owner === name && !listensTo.has(type),
  )
  return own.map(({ type }) => type)
}
