import { type Logger, type TraceContext, traceFields } from '#observability'
import type { Jitter } from '../backoff.ts'
import type { Clock } from '../clock.ts'
import type { PendingEffect } from '../journal.ts'
import type { Participant } from '../participant.ts'
import { type DependencyGate, dependencyGate, dependencyOf } from './dependency-gate.ts'
import { deadlinePassed, effectAttempts, type Outcome, type Result, refusal } from './effect-attempt.ts'

export type { Result } from './effect-attempt.ts'

/**
 * Runs the effects that rows have asked for, in the process that owns the partition. An answer that is lost with the process is not lost: the
 * effect is still pending in the head, and the next owner runs it again under the same idempotency key.
 */
export type EffectRunner = {
  /**
   * Does nothing when this effect is under way here, which includes waiting: for its time, or for its dependency. One that waits
   * gives way to a newer request for it, which is known by another `notBefore`.
   */
  start(sagaId: string, partition: number, effect: PendingEffect): void
  cancel(sagaId: string, key: string): void
  /** Aborts the effects of other partitions: their new owner runs them. */
  retain(owned: readonly number[]): void
  stop(): void
}

type Running = {
  readonly partition: number
  readonly effect: PendingEffect
  readonly abort: AbortController
  begun: boolean
  /** No longer waits for its time, or for its turn at the dependency. */
  withdraw: () => void
  cancelDeadline: () => void
}

export function effectRunner(options: {
  readonly part: Participant
  readonly clock: Clock
  readonly log: Logger
  readonly onResult: (sagaId: string, result: Result, trace: TraceContext) => void
  readonly random?: Jitter
}): EffectRunner {
  const { part, clock, log, onResult, random = Math.random } = options
  const attempt = effectAttempts({ part, clock, random })
  const gates = new Map<string, DependencyGate>()
  const running = new Map<string, Running>()
  let stopped = false

  function gateOf({ src }: PendingEffect): DependencyGate {
    const dependency = dependencyOf(src, part.effects[src])
    const gate = gates.get(dependency.name) ?? dependencyGate({ ...dependency, clock, log, random })
    gates.set(dependency.name, gate)
    return gate
  }

  /** Its time has come: as soon as its dependency takes it, an attempt is made. */
  function takeTurn(sagaId: string, own: Running): void {
    const { effect, abort } = own
    const { deadlineAt } = effect
    if (deadlineAt !== undefined && deadlineAt <= clock.now()) {
      giveUp(sagaId, own)
      return
    }
    const gate = gateOf(effect)
    if (deadlineAt !== undefined) {
      own.cancelDeadline = clock.schedule(deadlineAt - clock.now(), () =>
        own.begun ? abort.abort(deadlinePassed()) : giveUp(sagaId, own, gate.obstacle()),
      )
    }
    own.withdraw = gate.enter(effect, async (leave) => {
      own.begun = true
      const outcome = await attempt(sagaId, effect, abort.signal)
      leave(outcome.verdict)
      finish(sagaId, own, outcome)
    })
  }

  function giveUp(sagaId: string, own: Running, detail?: string): void {
    const failure = deadlinePassed(detail)
    finish(sagaId, own, { result: refusal(own.effect.key, failure), failure, trace: own.effect.trace })
  }

  function finish(sagaId: string, own: Running, { result, failure, trace }: Outcome): void {
    const { id, key } = own.effect
    const name = runningKey(sagaId, key)
    // Ended from outside: whoever did that no longer waits for an answer.
    if (running.get(name) !== own) return
    release(name, own)
    if (failure !== undefined)
      log.info(`${part.name}.${id} failed`, {
        sagaId,
        error: String(failure),
        next: result.kind,
        ...traceFields(trace),
      })
    onResult(sagaId, result, trace)
  }

  function release(name: string, own: Running): void {
    running.delete(name)
    own.withdraw()
    own.cancelDeadline()
  }

  function end(name: string, own: Running): void {
    release(name, own)
    own.abort.abort()
  }

  return {
    start(sagaId, partition, effect) {
      const name = runningKey(sagaId, effect.key)
      const known = running.get(name)
      if (stopped || known?.begun || known?.effect.notBefore === effect.notBefore) return
      if (known) end(name, known)
      const own: Running = {
        partition,
        effect,
        abort: new AbortController(),
        begun: false,
        withdraw: () => {},
        cancelDeadline: () => {},
      }
      running.set(name, own)
      const wait = effect.notBefore - clock.now()
      if (wait > 0) own.withdraw = clock.schedule(wait, () => takeTurn(sagaId, own))
      else takeTurn(sagaId, own)
    },
    cancel(sagaId, key) {
      const name = runningKey(sagaId, key)
      const own = running.get(name)
      if (own) end(name, own)
    },
    retain(owned) {
      for (const [name, own] of running) if (!owned.includes(own.partition)) end(name, own)
    },
    stop() {
      stopped = true
      for (const [name, own] of running) end(name, own)
      for (const gate of gates.values()) gate.stop()
    },
  }
}

function runningKey(sagaId: string, key: string): string {
  return `${sagaId}/${key}`
}
