import { TerminalError } from '#messaging'
import { type Logger, startSpan, type TraceContext, telemetryNames } from '#observability'
import { backoff } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { PendingEffect } from './journal.ts'
import type { Participant } from './participant.ts'
import { plain } from './plain.ts'
import type { Incoming } from './step.ts'

const { attributes, spans } = telemetryNames

/** What came of an attempt: it enters the saga like any other cause. */
export type Result = Extract<Incoming, { kind: 'answer' | 'retry' }>

/**
 * Runs the effects that rows have asked for, in the process that owns the partition. An answer that is lost with the process is not lost: the
 * effect is still pending in the head, and the next owner runs it again under the same idempotency key.
 */
export type EffectRunner = {
  /** Does nothing when this effect is already under way here. */
  start(sagaId: string, partition: number, effect: PendingEffect): void
  cancel(sagaId: string, key: string): void
  /** Aborts the effects of other partitions: their new owner runs them. */
  retain(owned: readonly number[]): void
  stop(): void
}

type Outcome = { readonly result: Result; readonly failure?: unknown }

type Running = { readonly partition: number; readonly abort: AbortController; cancelTimer: () => void }

export function effectRunner(options: {
  readonly part: Participant
  readonly clock: Clock
  readonly log: Logger
  readonly onResult: (sagaId: string, result: Result, trace: TraceContext) => void
}): EffectRunner {
  const { part, clock, log, onResult } = options
  const running = new Map<string, Running>()
  let stopped = false

  async function attempt(sagaId: string, effect: PendingEffect, own: Running): Promise<void> {
    const span = startSpan({
      name: spans.effect(part.name, effect.id),
      kind: 'internal',
      parent: effect.trace,
      attributes: {
        [attributes.sagaId]: sagaId,
        [attributes.sagaParticipant]: part.name,
        [attributes.effectId]: effect.id,
        [attributes.effectAttempt]: effect.failures + 1,
        [attributes.effectIdempotencyKey]: effect.idempotencyKey,
      },
    })
    const { result, failure } = await span.run(() => outcome(sagaId, effect, own.abort.signal))
    own.cancelTimer()
    if (failure !== undefined) span.fail(failure)
    span.end()
    // Ended from outside: whoever did that no longer waits for an answer.
    if (running.get(runningKey(sagaId, effect.key)) !== own) return
    running.delete(runningKey(sagaId, effect.key))
    if (failure !== undefined)
      log.info(`${part.name}.${effect.id} failed`, { sagaId, error: String(failure), next: result.kind })
    onResult(sagaId, result, span.context)
  }

  async function outcome(sagaId: string, effect: PendingEffect, signal: AbortSignal): Promise<Outcome> {
    const { input, idempotencyKey, key } = effect
    try {
      signal.throwIfAborted()
      const work = part.effects[effect.src]?.run({ input, idempotencyKey, signal, sagaId } as never)
      const value = await Promise.race([work, rejection(signal)])
      return {
        result: {
          kind: 'answer',
          key,
          status: 'done',
          value: plain(value ?? null, `the answer of "${effect.id}"`),
        },
      }
    } catch (error) {
      return { failure: error, result: refusal(effect, error) }
    }
  }

  /** How a failed attempt enters the saga: as the end of the effect, or as another attempt later. */
  function refusal(effect: PendingEffect, error: unknown): Result {
    const { key, deadlineAt } = effect
    const message = error instanceof Error ? error.message : String(error)
    if (error instanceof TerminalError)
      return { kind: 'answer', key, status: 'error', value: { message, code: error.code } }
    const notBefore =
      clock.now() + Math.round(backoff(effect.failures, part.effects[effect.src]?.retry ?? {}))
    if (deadlineAt === undefined || notBefore < deadlineAt)
      return { kind: 'retry', key, error: message, notBefore }
    const value = {
      message: `${deadlinePassed.message}; last failure: ${message}`,
      code: deadlinePassed.code,
    }
    return { kind: 'answer', key, status: 'error', value }
  }

  return {
    start(sagaId, partition, effect) {
      const name = runningKey(sagaId, effect.key)
      if (stopped || running.has(name)) return
      const own: Running = { partition, abort: new AbortController(), cancelTimer: () => {} }
      running.set(name, own)
      const begin = () => {
        if (effect.deadlineAt !== undefined) {
          const left = effect.deadlineAt - clock.now()
          const expire = () => own.abort.abort(deadlinePassed)
          if (left > 0) own.cancelTimer = clock.schedule(left, expire)
          else expire()
        }
        void attempt(sagaId, effect, own)
      }
      const wait = effect.notBefore - clock.now()
      if (wait > 0) own.cancelTimer = clock.schedule(wait, begin)
      else begin()
    },
    cancel(sagaId, key) {
      end(running, (name) => name === runningKey(sagaId, key))
    },
    retain(owned) {
      end(running, (_, effect) => !owned.includes(effect.partition))
    },
    stop() {
      stopped = true
      end(running, () => true)
    },
  }
}

const deadlinePassed = new TerminalError('the deadline has passed', { code: 'CHORUS_DEADLINE' })

function runningKey(sagaId: string, key: string): string {
  return `${sagaId}/${key}`
}

function end(running: Map<string, Running>, which: (name: string, effect: Running) => boolean): void {
  for (const [name, effect] of running) {
    if (!which(name, effect)) continue
    running.delete(name)
    effect.cancelTimer()
    effect.abort.abort()
  }
}

/** Work that ignores its signal must not outlive it. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
