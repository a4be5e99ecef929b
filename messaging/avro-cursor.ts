import { PoisonError } from './errors.ts'

/** A place in Avro bytes. Every move is bounded and names the field (`at`) when it refuses. */
export type Cursor = {
  readonly bytes: Buffer
  position: number
  depth: number
  emptyItems: number
}

/** Deeper values could end in a stack overflow; no honest message comes near. */
const maxDepth = 64
/** Items without bytes cost their sender nothing, so the bytes that are left do not bound their number. */
const maxEmptyItems = 1_000

export function boundEmptyItems(cursor: Cursor, items: number, at: string): void {
  cursor.emptyItems += items
  if (cursor.emptyItems <= maxEmptyItems) return
  throw refusal(
    'CHORUS_BOUND_EXCEEDED',
    `${at}: ${items} items without bytes, more than ${maxEmptyItems} in all`,
  )
}

export function boundByRest(cursor: Cursor, announced: number, what: string, at: string): void {
  const rest = cursor.bytes.length - cursor.position
  if (announced <= rest) return
  throw refusal('CHORUS_BOUND_EXCEEDED', `${at}: ${announced} ${what} are announced, ${rest} bytes are left`)
}

export function enter(cursor: Cursor, at: string): void {
  if (++cursor.depth > maxDepth)
    throw refusal('CHORUS_BOUND_EXCEEDED', `${at}: nested deeper than ${maxDepth}`)
}

export function skip(cursor: Cursor, bytes: number, at: string): void {
  cursor.position += bytes
  if (cursor.position > cursor.bytes.length) throw truncated(at)
}

export function readLength(cursor: Cursor, at: string): number {
  const length = readLong(cursor, at)
  if (length < 0) throw refusal('CHORUS_BOUND_EXCEEDED', `${at}: the length is negative`)
  boundByRest(cursor, length, 'bytes', at)
  return length
}

export function readIndex(cursor: Cursor, min: number, max: number, at: string): number {
  const index = readLong(cursor, at)
  if (index >= min && index <= max) return index
  throw refusal('CHORUS_BOUND_EXCEEDED', `${at}: ${index} is not within ${min} and ${max}`)
}

/** A zigzag number of at most ten bytes. Beyond 2^53 it is rounded, which no comparison here minds. */
export function readLong(cursor: Cursor, at: string): number {
  const { bytes } = cursor
  let value = 0
  let factor = 1
  for (let i = 0; i < 10; i++) {
    const byte = bytes[cursor.position++]
    if (byte === undefined) throw truncated(at)
    value += (byte & 0x7f) * factor
    if (byte < 0x80) return value % 2 ? -(value + 1) / 2 : value / 2
    factor *= 128
  }
  throw refusal('CHORUS_BOUND_EXCEEDED', `${at}: a number has more than ten bytes`)
}

const truncated = (at: string) => refusal('CHORUS_TRUNCATED', `the bytes end within ${at}`)

export const refusal = (code: string, fact: string) =>
  new PoisonError(`The payload cannot be read: ${fact}.`, { code })
