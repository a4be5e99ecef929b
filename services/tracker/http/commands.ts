import { json, type RequestHandler, Router } from 'express'
import { z } from 'zod'
import {
  commandWish,
  concernedParts,
  eventWish,
  type OperatorContext,
  Refusal,
  sayAll,
  signalContract,
  type Wish,
} from '#orchestration/operations'
import type { SagaCommand } from '../api.ts'
import type { OperationLog } from './operations.ts'
import { Problem } from './problem.ts'
import { valid } from './valid.ts'
import type { Writes } from './writes.ts'

export type CommandApi = {
  readonly context: OperatorContext
  readonly operations: OperationLog
  readonly writes: Writes
}

const who = {
  participant: z.string().exactOptional(),
  reason: z.string().trim().min(1, 'it goes into the record beside your name').max(1_000),
  by: z.string().trim().min(1).max(200),
}

const commandBody = z.discriminatedUnion('command', [
  z.strictObject({ command: z.enum(['pause', 'resume', 'retry']), ...who }),
  z.strictObject({
    command: z.literal('signal'),
    type: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
    ...who,
  }),
]) satisfies z.ZodType<SagaCommand>

/** `POST /sagas/{id}/commands` */
export function commandRoutes(api: CommandApi): Router {
  return Router().post('/sagas/:sagaId/commands', api.writes.guard, json(), command(api))
}

function command({ context, operations }: CommandApi): RequestHandler<{ sagaId: string }> {
  return async (req, res) => {
    const { sagaId } = req.params
    const wanted = valid(commandBody, req.body)
    const wishes = await wishesFor(context, sagaId, wanted).catch(asProblem)
    const { by, reason } = wanted
    const what = wishes[0]?.what ?? wanted.command
    const asked = {
      action: `${what} ${sagaId}`,
      by,
      reason,
      items: wishes.map(({ participant }) => participant),
    }
    const operation = operations.begin(asked, (settle) =>
      sayAll(context, wishes, {
        wait: true,
        progress() {},
        tell: ({ participant }, { verdict, text }) =>
          settle({ id: participant, outcome: text, ok: verdict !== 'failed' }),
      }),
    )
    res.status(202).location(`/api/v1/operations/${operation.id}`).json(operation)
  }
}

async function wishesFor(
  context: OperatorContext,
  sagaId: string,
  wanted: z.output<typeof commandBody>,
): Promise<readonly Wish[]> {
  const { by, reason } = wanted
  if (wanted.command === 'signal') {
    const { type, data } = wanted
    const contract = signalContract(context, type)
    const known = { orderId: sagaId, reason }
    return [await eventWish(context, { contract, sagaId, data, known, by, reason })]
  }
  const { command, participant } = wanted
  const parts = await concernedParts(context, sagaId, command, participant)
  return await Promise.all(parts.map((part) => commandWish(context, part, { command, by, reason })))
}

function asProblem(error: unknown): never {
  if (error instanceof Refusal) throw new Problem('refused', error.message, { cause: error })
  throw error
}
