import { headersWithout, letterRecord } from '#messaging'
import type { Hold } from '#orchestration'
import {
  type Letter,
  type OperatorContext,
  type Payload,
  payloadOf,
  Refusal,
  readLetters,
  timeText,
} from '#orchestration/operations'
import type { Output } from '../output.ts'
import { named } from './selection.ts'
import { letterView, resolutionView, stateOf } from './view.ts'

/** Tells everything about one letter. Rejects when there is none of that id. */
export async function show(
  context: OperatorContext,
  id: string,
  { personal = false, output }: { readonly personal?: boolean; readonly output: Output },
): Promise<number> {
  const wanted = ({ id: own }: Letter) => own.startsWith(id.toLowerCase())
  const { letters } = await readLetters(context, context.participants, wanted)
  const [letter] = named(letters, [id]).found
  if (!letter) throw new Refusal(`No dead letter's id begins with "${id}".`)
  const payload = await payloadOf(context, letterRecord(letter.record), { personal })
  const hold = await holdOf(context, letter)
  const headers = headersWithout('dlt_', letter.record.headers)
  const view = {
    ...letterView(letter),
    headers,
    payload,
    hold: hold ?? null,
    resolutions: letter.resolutions.map(resolutionView),
  }
  output.page(view, lines(letter, { headers, payload, hold }))
  return 0
}

/** The hold that the letter's row still has on its saga. */
async function holdOf(
  { infrastructure }: OperatorContext,
  { group, saga, row }: Letter,
): Promise<Hold | undefined> {
  if (row === undefined) return undefined
  const [head] = await (await infrastructure.store(group)).readHeads([saga])
  return head?.held?.find((hold) => hold.row === row)
}

type Details = {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Payload
  readonly hold: Hold | undefined
}

function lines(letter: Letter, { headers, payload, hold }: Details): string[] {
  const { dlt_topic, dlt_partition, dlt_offset } = letter.record.headers
  return [
    `letter    ${letter.id}`,
    `state     ${stateOf(letter)}`,
    `group     ${letter.group}`,
    `saga      ${letter.saga || '(none: the record has no key)'}`,
    `type      ${letter.type ?? '(unknown)'}`,
    `code      ${letter.code}`,
    `reason    ${letter.reason}`,
    `since     ${timeText(letter.at)}`,
    `lay at    ${dlt_topic}, partition ${dlt_partition}, offset ${dlt_offset}`,
    `written   ${letter.written} ${letter.written === 1 ? 'time' : 'times'}`,
    `holds     ${holdText(letter, hold)}`,
    ...letter.resolutions.map(
      ({ became, by, reason, at }) => `became    ${became} at ${timeText(at)} by ${by}: ${reason}`,
    ),
    'headers',
    ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`),
    ...payloadLines(payload, letter.bytes),
  ]
}

function holdText({ row, saga }: Letter, hold: Hold | undefined): string {
  if (row === undefined) return 'nothing'
  return hold ? `saga ${saga}, by row ${row}` : `nothing any more (row ${row})`
}

function payloadLines(payload: Payload, bytes: number): string[] {
  if ('data' in payload)
    return ['payload', ...JSON.stringify(payload.data, undefined, 2).split('\n').map(indent)]
  const shown = payload.head.length / 2
  const head =
    shown > 0
      ? [`its first ${shown} bytes, in hex`, ...(payload.head.match(/.{1,32}/g) ?? []).map(indent)]
      : []
  return [`payload   ${bytes} bytes, not readable: ${payload.why}`, ...head]
}

const indent = (line: string): string => `  ${line}`
