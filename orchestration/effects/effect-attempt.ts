import { RetryableError, TerminalError } from '#messaging'
import {
  errorType,
  histogram,
  oncePer,
  secondsSince,
  startSpan,
  type TraceContext,
  telemetryNames,
} from '#observability'
import { backoff, type Jitter } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { PendingEffect } from '../journal.ts'
import { plain } from '../machine/plain.ts'
import type { Participant } from '../participant.ts'
import type { Incoming } from '../step/step.ts'
import { sagaAttributes } from '../step-spans.ts'
import type { Verdict } from './circuit-breaker.ts'

const { attributes, metrics, spans } = telemetryNames

/** What came of an effect, or of one attempt: it enters the saga like any other cause. */
export type Result = Extract<Incoming, { kind: 'answer' | 'retry' }>

export type Outcome = { readonly result: Result; readonly failure?: unknown; readonly trace: TraceContext }

type Ending = { readonly result: Result; readonly failure?: unknown; readonly verdict: Verdict }

/** Makes one attempt, in a span of its own that is linked with what came of the attempt before. Ends with the signal, also when the work does not; never rejects. */
export type Attempt = (
  sagaId: string,
  effect: PendingEffect,
  signal: AbortSignal,
) => Promise<Outcome & { readonly verdict: Verdict }>

export function effectAttempts({
  part,
  clock,
  random,
}: {
  readonly part: Participant
  readonly clock: Clock
  readonly random: () => number
}): Attempt {
  async function run(sagaId: string, effect: PendingEffect, signal: AbortSignal): Promise<Ending> {
    const { id, src, input, idempotencyKey, key } = effect
    let answered = false
    try {
      const work = part.effects[src]?.run({ input, idempotencyKey, signal, sagaId } as never)
      const answer = await Promise.race([work, rejection(signal)])
      answered = true
      const value = plain(answer ?? null, `the answer of "${id}"`)
      return { verdict: 'answered', result: { kind: 'answer', key, status: 'done', value } }
    } catch (failure) {
      // A refusal is the word of a system that is there.
      const spoke = answered || failure instanceof TerminalError
      const verdict = signal.aborted ? 'nothing' : spoke ? 'answered' : 'failed'
      return { verdict, failure, result: afterFailure(part, effect, failure, { now: clock.now(), random }) }
    }
  }

  const durations = histogram(metrics.effectDuration)
  const which = oncePer((effectId: string) => ({
    [attributes.sagaParticipant]: part.name,
    [attributes.effectId]: effectId,
  }))

  function measure(effectId: string, began: number, failure: unknown): void {
    const of = which(effectId)
    const failed = failure !== undefined && { ...of, [attributes.errorType]: errorType(failure) }
    durations.record(secondsSince(began), failed || of)
  }

  return async (sagaId, effect, signal) => {
    const began = performance.now()
    const span = startSpan({
      name: spans.effect(part.name, effect.id),
      kind: 'internal',
      parent: effect.trace,
      ...(effect.attempted && { links: [effect.attempted] }),
      shared: sagaAttributes(part, sagaId),
      attributes: {
        [attributes.effectId]: effect.id,
        [attributes.effectAttempt]: effect.failures + 1,
        [attributes.effectIdempotencyKey]: effect.idempotencyKey,
      },
    })
    const ending = await span.run(() => run(sagaId, effect, signal))
    if (ending.failure !== undefined) span.fail(ending.failure)
    span.end()
    measure(effect.id, began, ending.failure)
    return { ...ending, trace: span.context }
  }
}

/** How a failed attempt enters the saga: as the end of the effect, or as another attempt later. */
export function afterFailure(
  part: Participant,
  { key, src, failures, deadlineAt }: PendingEffect,
  error: unknown,
  { now, random }: { readonly now: number; readonly random: Jitter },
): Result {
  if (error instanceof TerminalError) return refusal(key, error)
  const message = error instanceof Error ? error.message : String(error)
  const asked = error instanceof RetryableError ? (error.retryAfter ?? 0) : 0
  const wait = Math.max(Math.round(backoff(failures, part.effects[src]?.retry ?? {}, random)), asked)
  const notBefore = now + wait
  if (deadlineAt === undefined || notBefore < deadlineAt)
    return { kind: 'retry', key, error: message, notBefore }
  return refusal(key, deadlinePassed(`last failure: ${message}`))
}

export function deadlinePassed(detail?: string): TerminalError {
  const message = 'the deadline has passed'
  return new TerminalError(detail ? `${message}; ${detail}` : message, { code: 'CHORUS_DEADLINE' })
}

/** The end of an effect that no further attempt can help. */
export function refusal(key: string, { message, code }: TerminalError): Result {
  return { kind: 'answer', key, status: 'error', value: { message, code } }
}

/** Work that ignores its signal must not outlive it. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
