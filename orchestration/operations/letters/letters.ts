import { type BrokerRecord, deadLetterTopic, failureOf, letterId, type Resolution } from '#messaging'
import type { OperatorContext } from '../context.ts'
import { readSpans, spansOf } from '../read-topics.ts'

export type Resolved = Omit<Resolution, 'letter'>

/** A dead letter: what could not be handled, by whom and why, and what became of it. */
export type Letter = {
  readonly id: string
  readonly group: string
  /** The saga that it belongs to; empty when nothing told it. */
  readonly saga: string
  readonly type: string | undefined
  readonly code: string
  readonly reason: string
  /** Epoch milliseconds: when it was given up. */
  readonly at: number
  /** The journal row that holds the saga until it is redriven or discarded. */
  readonly row: string | undefined
  readonly failure: string
  /** Size of the original value. */
  readonly bytes: number
  /** As it lies in the dead letters. Without its value where that was not asked for. */
  readonly record: BrokerRecord
  /** How often it was written: more than once after a crash, and when it failed again. */
  readonly written: number
  /** All that became of it, oldest first. */
  readonly resolutions: readonly Resolved[]
  /** What became of its last failure; `undefined` while it is open. */
  readonly resolved: Resolved | undefined
}

export type Letters = {
  /** Newest last. */
  readonly letters: readonly Letter[]
  /** Records in these topics that are neither letter nor resolution. */
  readonly strangers: number
}

/** Reads the dead letters of these groups. Values are large: only those of letters that `keeps` says true of are kept. */
export async function readLetters(
  { infrastructure: { broker }, clock }: OperatorContext,
  groups: readonly string[],
  keeps: (letter: Letter) => boolean = () => false,
): Promise<Letters> {
  const fold = letterFold(keeps)
  const spans = await spansOf(broker, groups.map(deadLetterTopic))
  await readSpans({ broker, clock, spans, onRecord: fold.take })
  return fold.letters()
}

/** Folds the records of dead letter topics, in their order, into letters. */
export function letterFold(keeps: (letter: Letter) => boolean = () => false) {
  const newest = new Map<string, Letter>()
  const resolutions = new Map<string, Resolved[]>()
  const written = new Map<string, number>()
  let strangers = 0

  return {
    take(record: BrokerRecord): void {
      const id = idOf(record)
      if (id === undefined) strangers++
      else if (record.headers.dlt_resolution !== undefined)
        resolutions.set(id, [...(resolutions.get(id) ?? []), resolvedIn(record)])
      else {
        const letter = letterIn(id, record)
        newest.set(id, keeps(letter) ? letter : { ...letter, record: { ...record, value: null } })
        written.set(id, (written.get(id) ?? 0) + 1)
      }
    },
    letters(): Letters {
      const letters = [...newest.values()].map((letter) => {
        const own = resolutions.get(letter.id) ?? []
        const resolved = own.findLast(({ failure }) => failure === letter.failure)
        return { ...letter, written: written.get(letter.id) ?? 1, resolutions: own, resolved }
      })
      return { letters: letters.sort((a, b) => a.at - b.at), strangers }
    },
  }
}

/** Letters of before they had ids are known by their place. */
function idOf({ headers }: BrokerRecord): string | undefined {
  const { dlt_id, dlt_resolution, dlt_group, dlt_topic, dlt_partition, dlt_offset } = headers
  if (dlt_id !== undefined && dlt_resolution !== undefined) return dlt_id
  if (!dlt_group || !dlt_topic || !/^\d+$/.test(dlt_partition ?? '') || !/^\d+$/.test(dlt_offset ?? ''))
    return undefined
  const place = { topic: dlt_topic, partition: Number(dlt_partition), offset: BigInt(dlt_offset ?? '') }
  return dlt_id ?? letterId(dlt_group, place)
}

function letterIn(id: string, record: BrokerRecord): Letter {
  const { headers, key, value, timestamp } = record
  return {
    id,
    group: headers.dlt_group ?? '',
    saga: key ?? '',
    type: headers.ce_type,
    code: headers.dlt_code ?? '',
    reason: headers.dlt_reason ?? '',
    at: timeIn(headers.dlt_time, timestamp),
    row: headers.dlt_row,
    failure: failureOf(headers),
    bytes: Number(headers.dlt_bytes ?? value?.length ?? 0),
    record,
    written: 1,
    resolutions: [],
    resolved: undefined,
  }
}

function resolvedIn({ headers, timestamp }: BrokerRecord): Resolved {
  return {
    failure: headers.dlt_failure ?? '',
    became: headers.dlt_resolution === 'redriven' ? 'redriven' : 'discarded',
    by: headers.dlt_by ?? '',
    reason: headers.dlt_reason ?? '',
    at: timeIn(headers.dlt_time, timestamp),
  }
}

function timeIn(text: string | undefined, otherwise: number): number {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? otherwise : time
}
