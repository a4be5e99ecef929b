import type { Logger } from '#observability'
import type { Clock } from '../clock.ts'
import type { PendingEffect } from '../journal.ts'
import { circuitBreaker, type Verdict } from './circuit-breaker.ts'
import type { Dependency, Effect } from './effect.ts'

type Waiting = {
  readonly effect: Pick<PendingEffect, 'failures' | 'deadlineAt'>
  readonly begin: (leave: (verdict: Verdict) => void) => void
}

/** Lets the attempts at one outside system in: in the order of their arrival, not too many at once, none while it does not answer. */
export type DependencyGate = {
  /**
   * Calls `begin` as soon as the attempt may be made, which may be at once. What `begin` gets must be called exactly once, at the
   * attempt's end. The returned function takes it out of the queue, and does nothing once it has begun.
   */
  enter(effect: Waiting['effect'], begin: Waiting['begin']): () => void
  /** Why whoever waits now has to wait. */
  obstacle(): string
  stop(): void
}

/** Attempts at one dependency at the same time: more than it can answer at once would only wait at its end. */
const defaultConcurrency = 128

export function dependencyGate({
  name,
  concurrency = defaultConcurrency,
  clock,
  log,
  random,
}: Dependency & {
  readonly clock: Clock
  readonly log: Logger
  readonly random: () => number
}): DependencyGate {
  const queue = new Set<Waiting>()
  let underWay = 0
  const breaker = circuitBreaker({ name, clock, log, random, onReady: letIn })

  function letIn(): void {
    for (let next = choose(); next; next = choose()) {
      queue.delete(next)
      underWay++
      const tell = breaker.begin()
      next.begin((verdict) => {
        underWay--
        tell(verdict)
        letIn()
      })
    }
  }

  function choose(): Waiting | undefined {
    const phase = breaker.phase()
    if (underWay >= concurrency || phase === 'open') return undefined
    return phase === 'half-open' ? bestProbe(queue) : first(queue)
  }

  return {
    enter(effect, begin) {
      const waiting = { effect, begin }
      queue.add(waiting)
      letIn()
      return () => void queue.delete(waiting)
    },
    obstacle: () =>
      breaker.phase() === 'closed' ? `"${name}" had no place free` : `"${name}" was not reachable`,
    stop: () => breaker.stop(),
  }
}

function first(queue: ReadonlySet<Waiting>): Waiting | undefined {
  return queue.values().next().value
}

/**
 * Who says most about the dependency. Not who fails for reasons of its own, again and again, and not the oldest: after a long
 * outage its deadline is always too near for an answer.
 */
function bestProbe(queue: ReadonlySet<Waiting>): Waiting | undefined {
  let best: Waiting | undefined
  for (const other of queue) if (!best || isBetterProbe(other, best)) best = other
  return best
}

function isBetterProbe({ effect: a }: Waiting, { effect: b }: Waiting): boolean {
  if (a.failures !== b.failures) return a.failures < b.failures
  return (a.deadlineAt ?? Number.POSITIVE_INFINITY) > (b.deadlineAt ?? Number.POSITIVE_INFINITY)
}

/** What an effect calls, when it does not say so: something of its own. */
export function dependencyOf(src: string, effect: Effect<unknown> | undefined): Dependency {
  return effect?.dependency ?? { name: src }
}

/** What is wrong with what the effects say about their dependencies, each as a sentence. */
export function dependencyFindings(effects: Readonly<Record<string, Effect<unknown>>>): string[] {
  const dependencies = Object.entries(effects).map(([src, effect]) => dependencyOf(src, effect))
  const bounds = new Map<string, Set<number>>()
  for (const { name, concurrency = defaultConcurrency } of dependencies)
    bounds.set(name, (bounds.get(name) ?? new Set()).add(concurrency))
  return [...bounds].flatMap(([name, [...values]]) => [
    ...values
      .filter((value) => !(Number.isInteger(value) && value > 0))
      .map((value) => `the dependency "${name}" has the concurrency ${value}: give a whole number above 0`),
    ...(values.length > 1
      ? [`the dependency "${name}" has the concurrencies ${values.join(' and ')}: its effects share one`]
      : []),
  ])
}
