import type { EventContract } from '#messaging'
import { eventWish, fieldNames, type OperatorContext, Refusal, type Saying } from '#orchestration/operations'
import { type ChangeOptions, reasonOf } from '../change.ts'
import { UsageError } from '../errors.ts'
import type { Telling } from '../output.ts'
import { sayAndTell } from './outcome.ts'

/** The fields that the command line gives. Throws a `UsageError` for what is no JSON object, or names a field that the contract lacks. */
export function dataIn(text: string | undefined, contract: EventContract): Record<string, unknown> {
  const data = parsed(text ?? '{}')
  const known = fieldNames(contract)
  const strange = Object.keys(data).find((name) => !known.includes(name))
  if (strange === undefined) return data
  throw new UsageError(`${contract.type} has no field "${strange}". It has: ${known.join(', ')}.`)
}

function parsed(text: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(text)
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return { ...data }
  } catch {
    // Told below, with what was expected.
  }
  throw new UsageError(`--data is no JSON object; expected e.g. --data '{"refundId":"r-1"}'.`)
}

/** Says it and tells what comes of it. Resolves with how many failed: 0 or 1. */
export async function say(
  context: OperatorContext,
  said: Pick<Saying, 'contract' | 'sagaId' | 'data'>,
  options: ChangeOptions,
  { output, terminal }: Telling,
): Promise<number> {
  const { contract, sagaId } = said
  const { by } = options
  const reason = reasonOf(options)
  const known = { orderId: sagaId, reason }
  const wish = await eventWish(context, { ...said, known, by, reason }).catch(withAdvice)
  if (!options.dryRun) return await sayAndTell(context, [wish], { wait: options.wait, output, terminal })
  const { participant, what } = wish
  const value = { saga: sagaId, participant, result: `would say ${what}`, ok: true, data: wish.data }
  const text = `would say ${what} on ${contract.topic}: ${JSON.stringify(wish.data)}`
  output.result(value, 'would', `${sagaId}  ${participant}  ${text}`)
  return 0
}

function withAdvice(error: unknown): never {
  if (error instanceof Refusal && error.cause !== undefined)
    throw new Refusal(`${error.message} Fields are given with --data '{…}'.`)
  throw error
}
