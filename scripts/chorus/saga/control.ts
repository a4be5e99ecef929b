import { randomUUID } from 'node:crypto'
import { type Command, type Control, controlMessage } from '#orchestration'
import { type ChangeOptions, reasonOf } from '../change.ts'
import { confirmed } from '../confirm.ts'
import { Refusal, UsageError } from '../errors.ts'
import type { Output } from '../output.ts'
import type { World } from '../surroundings.ts'
import type { Terminal } from '../terminal.ts'
import { sayAll, type Wished } from './outcome.ts'
import { findParts, isConcerned, type PartQuery, partsOf, type SagaPart } from './parts.ts'
import { traceOf } from './trace.ts'

export type ControlOptions = ChangeOptions & PartQuery & { readonly yes?: boolean }

/** Refuses a command line that does not say why, or which sagas, or says it twice. */
export function checkControl(sagas: readonly string[], options: ControlOptions): void {
  reasonOf(options)
  const asks = options.state !== undefined || options.olderThan !== undefined
  if (sagas.length > 0 && asks) throw new UsageError('Name sagas, or describe them, not both.')
  if (sagas.length === 0 && !asks)
    throw new UsageError('Which sagas? Name them, or describe them (--state, --older-than).')
}

/** Sends a command to the parts that it concerns, and tells what comes of it. Resolves with how many failed. */
export async function control(
  world: World,
  sagas: readonly string[],
  command: Command,
  options: ControlOptions,
  { output, terminal }: { readonly output: Output; readonly terminal: Terminal },
): Promise<number> {
  const { by, dryRun, wait, yes = false } = options
  const reason = reasonOf(options)
  const { parts, failed } = await choose(world, sagas, command, options, terminal)
  if (dryRun) {
    for (const { participant, head } of parts) {
      const value = { saga: head._id, participant, result: `would ${command}`, ok: true }
      output.result(value, 'would', `${head._id}  ${participant}  would ${command}`)
    }
    terminal.err(`${parts.length} parts of sagas would be told to ${command}`)
    return failed
  }
  const question = `${command} ${parts.length} parts of sagas`
  if (!(await confirmed(terminal, question, { count: parts.length, yes }))) {
    terminal.err('Nothing was done.')
    return parts.length
  }
  const wished = await Promise.all(parts.map((part) => wish(world, part, { command, by, reason })))
  return failed + (await sayAll(world, wished, { wait, output, terminal }))
}

async function choose(
  world: World,
  sagas: readonly string[],
  command: Command,
  options: ControlOptions,
  terminal: Terminal,
): Promise<{ readonly parts: readonly SagaPart[]; readonly failed: number }> {
  if (sagas.length === 0) {
    const parts = await findParts(world, options, (part) => isConcerned(part, command))
    if (parts.length === options.limit)
      terminal.err(`The first ${options.limit} are taken; there may be more (--limit).`)
    return { parts, failed: 0 }
  }
  let failed = 0
  const parts: SagaPart[] = []
  for (const sagaId of new Set(sagas)) {
    try {
      parts.push(...(await concerned(world, sagaId, command, options.participant)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      failed++
      terminal.err(`✗ ${error.message}`)
    }
  }
  return { parts, failed }
}

const nothing: Readonly<Record<string, string>> = {
  pause: 'all parts of it are finished',
  resume: 'no part of it is held',
  retry: 'no part of it has an effect under way',
}

/** Whoever names the participant gets its own answer, whatever it is. */
async function concerned(
  world: World,
  sagaId: string,
  command: Command,
  participant: string | undefined,
): Promise<readonly SagaPart[]> {
  const parts = await partsOf(world, sagaId, participant)
  if (participant !== undefined) return parts
  const some = parts.filter((part) => isConcerned(part, command))
  if (some.length > 0) return some
  throw new Refusal(`There is nothing to ${command} in saga ${sagaId}: ${nothing[command]}.`)
}

async function wish(
  { infrastructure }: World,
  part: SagaPart,
  wanted: Omit<Control, 'id' | 'row'>,
): Promise<Wished> {
  const { participant, head } = part
  const id = randomUUID()
  const headers = { ...(await traceOf(infrastructure, part)) }
  const message = controlMessage(participant, head._id, { id, ...wanted }, { value: null, headers })
  return { participant, sagaId: head._id, id, after: head.seq, message, what: wanted.command }
}
