import { type Letter, type Resolved, timeText } from '#orchestration/operations'
import type { Column } from '../output.ts'
import { shortId } from './selection.ts'

/** A letter as programs read it. */
export function letterView(letter: Letter): object {
  const { id, group, saga, type, code, reason, at, row, bytes, written, resolutions, resolved, record } =
    letter
  const { dlt_topic, dlt_partition, dlt_offset } = record.headers
  return {
    letter: id,
    group,
    state: stateOf(letter),
    at: new Date(at).toISOString(),
    saga: saga || null,
    type: type ?? null,
    code,
    reason,
    row: row ?? null,
    topic: dlt_topic,
    partition: Number(dlt_partition),
    offset: dlt_offset,
    bytes,
    written,
    redriven: resolutions.filter(({ became }) => became === 'redriven').length,
    ...(resolved && { resolution: resolutionView(resolved) }),
  }
}

export function resolutionView({ became, by, reason, at }: Resolved): object {
  return { became, by, reason, at: new Date(at).toISOString() }
}

export function stateOf({ resolved }: Letter): string {
  return resolved?.became ?? 'open'
}

/** `withState`: the list holds resolved letters too. */
export function letterColumns(withState: boolean): readonly Column<Letter>[] {
  return [
    { title: 'letter', cell: ({ id }) => shortId(id) },
    { title: 'since', cell: ({ at }) => timeText(at) },
    { title: 'group', cell: ({ group }) => group },
    ...(withState ? [{ title: 'state', cell: stateOf }] : []),
    { title: 'type', cell: ({ type }) => type ?? '(unknown)' },
    { title: 'code', cell: ({ code }) => code },
    { title: 'saga', cell: ({ saga }) => saga || '(none)' },
    { title: 'holds', cell: ({ row, resolved }) => (row && !resolved ? 'yes' : 'no') },
    { title: 'times', cell: ({ written }) => String(written) },
    { title: 'reason', cell: ({ reason }) => reason },
  ]
}
