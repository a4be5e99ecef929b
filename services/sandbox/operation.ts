import { createHash } from 'node:crypto'
import type { ZodType } from 'zod'
import type { Clock } from '#orchestration'
import type { Behaviour, Party, Trouble } from './behaviour.ts'
import type { Answer, Entry, Ledger } from './ledger.ts'
import { Problem, parse } from './problem.ts'
import type { InTurn } from './turns.ts'

/** What a party does when it is asked: pure, given what the ledger already says about the order. */
export type Operation<Request extends { orderId: string }> = {
  readonly kind: Entry['kind']
  readonly party: Party
  readonly request: ZodType<Request>
  trouble(request: Request, past: readonly Entry[]): Trouble
  /** `id` is unique to the call and the same for every repetition of it. */
  decide(request: Request, past: readonly Entry[], id: string): Decision
}

export type Decision = Pick<Entry, 'answer' | 'currency' | 'paymentToken' | 'postcode'> & {
  readonly amount?: number
}

export type Sandbox = {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly behaviour: Behaviour
  readonly inTurn: InTurn
  /** The calls whose first attempt has failed on purpose. */
  readonly failed: Set<string>
}

/**
 * Performs a call once per idempotency key: a repeated one gets the recorded answer. Resolves with `silence` when the caller is
 * to be left waiting; rejects with a `Problem`.
 */
export async function perform<Request extends { orderId: string }>(
  operation: Operation<Request>,
  { idempotencyKey, body }: { idempotencyKey: string; body: unknown },
  sandbox: Sandbox,
): Promise<Answer | 'silence'> {
  const { ledger, clock, behaviour, inTurn, failed } = sandbox
  const { kind, party } = operation
  const request = parse(operation.request, body)
  const { orderId } = request
  const requestHash = hash(`${kind} ${JSON.stringify(request)}`)
  const trouble = operation.trouble(request, ledger.entriesOf(orderId))

  await pause(clock, behaviour[party].latencyMs + (trouble.delay ?? 0))
  if (behaviour[party].outage) throw new Problem('outage', `The ${party} side answers nobody at the moment.`)
  return inTurn(`key ${idempotencyKey}`, () => inTurn(`order ${orderId}`, performOnce))

  async function performOnce(): Promise<Answer | 'silence'> {
    const recorded = ledger.entryOf(idempotencyKey)
    if (recorded && recorded.requestHash !== requestHash) {
      throw new Problem(
        'idempotency-key-reused',
        `${idempotencyKey} came with another ${recorded.kind} before.`,
      )
    }
    const refused = behaviour[party].settled ? undefined : trouble.refused
    if (refused === 'before' || (refused && recorded)) throw refusal()
    if (recorded) return recorded.answer
    if (trouble.silent === 'before') return 'silence'
    if (trouble.failsFirst && !failed.has(`${kind} ${orderId}`)) {
      failed.add(`${kind} ${orderId}`)
      throw new Problem('failed-on-purpose', `The first ${kind} of order ${orderId} fails; try again.`)
    }
    const id = hash(`${kind} ${idempotencyKey}`).slice(0, 24)
    const decision = operation.decide(request, ledger.entriesOf(orderId), id)
    const at = clock.now()
    await ledger.record({ kind, orderId, idempotencyKey, requestHash, at, amount: 0, ...decision })
    if (refused) throw refusal()
    return trouble.silent === 'after' ? 'silence' : decision.answer
  }

  function refusal(): Problem {
    return new Problem(
      'refused-on-purpose',
      `The ${kind} of order ${orderId} is refused until a person has settled it.`,
    )
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

async function pause(clock: Clock, ms: number): Promise<void> {
  if (ms > 0) await new Promise<void>((resolve) => void clock.schedule(ms, resolve))
}
