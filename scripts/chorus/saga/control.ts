import {
  commandWish,
  concernedParts,
  findParts,
  isConcerned,
  type OperatorContext,
  type PartQuery,
  Refusal,
  type SagaCommandName,
  type SagaPart,
} from '#orchestration/operations'
import { type ChangeOptions, reasonOf } from '../change.ts'
import { confirmed } from '../confirm.ts'
import { UsageError } from '../errors.ts'
import type { Telling } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { sayAndTell } from './outcome.ts'

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
  context: OperatorContext,
  sagas: readonly string[],
  command: SagaCommandName,
  options: ControlOptions,
  { output, terminal }: Telling,
): Promise<number> {
  const { by, dryRun, wait, yes = false } = options
  const reason = reasonOf(options)
  const { parts, failed } = await choose(context, sagas, command, options, terminal)
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
  const wishes = await Promise.all(parts.map((part) => commandWish(context, part, { command, by, reason })))
  return failed + (await sayAndTell(context, wishes, { wait, output, terminal }))
}

async function choose(
  context: OperatorContext,
  sagas: readonly string[],
  command: SagaCommandName,
  options: ControlOptions,
  terminal: Terminal,
): Promise<{ readonly parts: readonly SagaPart[]; readonly failed: number }> {
  if (sagas.length === 0) {
    const parts = await findParts(context, options, (part) => isConcerned(part, command))
    if (parts.length === options.limit)
      terminal.err(`The first ${options.limit} are taken; there may be more (--limit).`)
    return { parts, failed: 0 }
  }
  let failed = 0
  const parts: SagaPart[] = []
  for (const sagaId of new Set(sagas)) {
    try {
      parts.push(...(await concernedParts(context, sagaId, command, options.participant)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      failed++
      terminal.err(`✗ ${error.message}`)
    }
  }
  return { parts, failed }
}
