import { RetryableError } from '#messaging'
import type { faultKinds } from './faults.ts'
import type { SimulatedProcess } from './process.ts'
import type { World } from './world.ts'

/** How a call reaches the other side, and what may become of it on the way. */
export type Call<T> = {
  /** What the other side does. Rejecting is an answer too. */
  readonly work: () => Promise<T>
  /** Ms until the caller takes silence for a failure. Without it `work` must settle, and a lost connection shows after a second. */
  readonly timeout?: number
  /** What the other side does when a fault leaves it half done. */
  readonly torn?: { readonly fault: 'torn insert' | 'torn send'; readonly work: () => Promise<unknown> }
  /** The other side may do it twice. */
  readonly doubled?: 'doubled send'
}

/**
 * Asks another machine for something: it takes time, and faults may strike. Rejects with a `RetryableError` when no answer comes. Never
 * settles for a process that dies meanwhile. `what` tells it in the trace.
 */
export type Caller = <T>(what: string, call: Call<T>) => Promise<T>

/** Ms until a process notices that a connection is gone. */
const lostConnection = 1_000
/** Ms that a slow call takes to arrive. */
const slow = { least: 200, most: 3_000 }

/** The calls of one process: a task for the way there, and one for the way back. */
export function caller(
  { scheduler, faults, latency }: World,
  process: Pick<SimulatedProcess, 'name' | 'participant' | 'random' | 'wake' | 'isAlive' | 'kill'>,
): Caller {
  const { name, participant, random, wake, isAlive, kill } = process
  const strikes = (kind: keyof typeof faultKinds) => faults.strikes(kind, participant)

  function onTheWayThere(): number {
    return strikes('slow call') ? random.between(slow.least, slow.most) : latency(random)
  }

  /** What comes of a call that has arrived. `'lost'`: the caller hears nothing. */
  async function perform<T>({ work, torn, doubled }: Call<T>): Promise<{ readonly result: T } | 'lost'> {
    // What a dead process has sent may be on its way, or may never have left.
    if (!isAlive() && random.chance(0.5)) return 'lost'
    if (strikes('request lost')) return 'lost'
    const crash = strikes('crash')
    if (crash && random.chance(0.5)) {
      kill()
      return 'lost'
    }
    if (torn && strikes(torn.fault)) {
      await torn.work()
      return 'lost'
    }
    const result = await work()
    if (doubled && strikes(doubled)) await work()
    if (crash) kill()
    return crash || strikes('answer lost') ? 'lost' : { result }
  }

  function call<T>(what: string, asked: Call<T>): Promise<T> {
    const label = `${name} ${what}`
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    if (!isAlive()) return promise

    function giveUpAfter(ms: number): () => void {
      const error = () => new RetryableError(`${label}: no answer`, { code: 'CHORUS_NO_ANSWER' })
      return scheduler.after(ms, `${label} is not answered`, () => wake(() => reject(error())))
    }

    function answer(settle: () => void): void {
      scheduler.after(latency(random), `${label} answers`, () =>
        wake(() => {
          cancelTimeout()
          settle()
        }),
      )
    }

    async function arrive(): Promise<void> {
      try {
        const outcome = await perform(asked)
        if (outcome !== 'lost') answer(() => resolve(outcome.result))
        else if (asked.timeout === undefined) giveUpAfter(lostConnection)
      } catch (error) {
        answer(() => reject(error))
      }
    }

    const cancelTimeout = asked.timeout === undefined ? () => {} : giveUpAfter(asked.timeout)
    scheduler.after(onTheWayThere(), label, () => void arrive())
    return promise
  }

  return call
}
