import { type Codec, PoisonError } from '#messaging'
import { type Logger, type Span, type TraceContext, traceFields } from '#observability'
import { backoff, type Jitter } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { Durability } from './durability.ts'
import type { EffectRunner, Result } from './effects/effect-runner.ts'
import type { Head } from './journal.ts'
import type { Saga, Task } from './lanes.ts'
import type { Participant } from './participant.ts'
import { type RecordTask, recordTask } from './record-task.ts'
import { answerSpan, timerSpan } from './step-spans.ts'
import type { Stepper } from './stepper.ts'
import type { DueHead } from './store.ts'

/** Milliseconds until a saga is looked at again whose machine refuses a timer. */
const refusedTimerPause = 5_000

type Dependencies = {
  readonly part: Participant
  readonly codec: Codec
  readonly durability: Durability
  readonly effects: EffectRunner
  readonly stepper: Stepper
  readonly clock: Clock
  readonly log: Logger
  readonly random: Jitter
}

/** What can be done to a saga's part. */
export type SagaTasks = {
  record: RecordTask
  result(result: Result, trace: TraceContext): Task
  due(due: DueHead, done: () => void): Task
}

export function sagaTasks({
  part,
  codec,
  durability,
  effects,
  stepper,
  clock,
  log,
  random,
}: Dependencies): SagaTasks {
  const { load, step } = stepper

  /** Says whether the machine took them all: one that it refuses must not keep the others waiting. */
  async function fireTimers(saga: Saga, head: Head): Promise<boolean> {
    let accepted = true
    const due = head.timers.filter((timer) => timer.dueAt <= clock.now()).sort((a, b) => a.dueAt - b.dueAt)
    for (const timer of due) {
      const span = timerSpan(part, saga.id, timer)
      try {
        await step(saga, { kind: 'timer', key: timer.key }, head.partition, span)
      } catch (error) {
        span.fail(error)
        if (!(error instanceof PoisonError)) throw error
        accepted = false
        log.error('the machine refuses a timer', {
          sagaId: saga.id,
          timer: timer.key,
          error: error.message,
          ...traceFields(span.context),
        })
      } finally {
        span.end()
      }
    }
    return accepted
  }

  /** An answer that the machine refuses leaves the effect pending: it is run again with back-off, until its deadline. */
  async function takeResult(saga: Saga, result: Result, span: Span): Promise<void> {
    const partition = saga.head?.partition ?? 0
    try {
      await step(saga, result, partition, span)
    } catch (error) {
      span.fail(error)
      const effect = saga.head?.effects.find(({ key }) => key === result.key)
      if (!effect || !(error instanceof PoisonError)) throw error
      log.error('the machine refuses the answer of an effect', {
        sagaId: saga.id,
        effect: result.key,
        error: error.message,
        ...traceFields(span.context),
      })
      const pause = backoff(effect.failures, part.effects[effect.src]?.retry ?? {}, random)
      const again = {
        kind: 'retry',
        key: result.key,
        error: error.message,
        notBefore: clock.now() + Math.round(pause),
      } as const
      await step(saga, again, partition, span)
    } finally {
      span.end()
    }
  }

  return {
    record: recordTask({ part, codec, durability, stepper, clock, log }),
    result: (result, trace) => ({
      name: `${part.name} takes in the result of an effect`,
      about: () => ({ effect: result.key, ...traceFields(trace) }),
      async run(saga) {
        if (saga.head === undefined) await load(saga)
        await takeResult(saga, result, answerSpan(part, saga.id, result.key, trace))
      },
      poison: (error, saga) =>
        log.error('the result of an effect cannot be recorded', {
          sagaId: saga.id,
          effect: result.key,
          error: error.message,
          ...traceFields(trace),
        }),
    }),
    due: (due, done) => ({
      name: `${part.name} does what is due`,
      async run(saga) {
        if (saga.head === undefined || (saga.head?.seq ?? 0) < due.seq) await load(saga)
        const accepted = saga.head ? await fireTimers(saga, saga.head) : true
        for (const effect of saga.head?.effects ?? []) effects.start(saga.id, due.partition, effect)
        if (accepted) done()
        else clock.schedule(refusedTimerPause, done)
      },
      poison(error, saga) {
        log.error('what is due cannot be done', { sagaId: saga.id, error: error.message })
        done()
      },
    }),
  }
}
