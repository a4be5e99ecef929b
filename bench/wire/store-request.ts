import { BSON } from 'mongodb'
import type { SeenRequest } from './requests.ts'

/** `OP_MSG`; a driver says only its first words in another form. */
const opMsg = 2013
const header = { opCode: 12, sections: 20 } as const
const section = { body: 0, sequence: 1 } as const

/** The commands that write documents, and the list of them in each. */
const lists: Readonly<Record<string, string>> = { insert: 'documents', update: 'updates', delete: 'deletes' }

/** A message to the store: the command is the first key of its body. What it writes is a list in the body, or follows as a sequence. */
export function storeRequest(frame: Buffer): SeenRequest {
  const other = { kind: 'other', bytes: frame.length, documents: 0 }
  if (frame.readInt32LE(header.opCode) !== opMsg || frame[header.sections] !== section.body) return other
  const start = header.sections + 1
  const end = start + frame.readInt32LE(start)
  const body = BSON.deserialize(frame.subarray(start, end))
  const kind = Object.keys(body)[0] ?? 'other'
  if (!(kind in lists)) return { ...other, kind }
  const list: unknown = body[lists[kind] ?? '']
  return {
    ...other,
    kind,
    documents: Array.isArray(list) ? list.length : sequenceLength(frame.subarray(end)),
  }
}

/** A sequence: its kind, its size without the kind, its name, a zero, and its documents one after the other. */
function sequenceLength(bytes: Buffer): number {
  if (bytes[0] !== section.sequence) return 0
  const end = 1 + bytes.readInt32LE(1)
  let at = bytes.indexOf(0, 5) + 1
  let documents = 0
  for (; at < end; at += bytes.readInt32LE(at)) documents++
  return documents
}
