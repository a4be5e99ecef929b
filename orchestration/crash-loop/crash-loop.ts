import { type BrokerRecord, PoisonError } from '#messaging'
import type { Logger } from '#observability'
import { type Clock, within } from '../clock.ts'
import type { Marks, Suspect } from './marks.ts'

/** So many owners may die at one record. */
const deathLimit = 3
/** A record that has not killed its process after so many ms waits for something: the next one may run. */
const attemptLimit = 10_000
/** When nothing suspicious comes for so many ms, nothing will: the broker holds no more of it. */
const quietLimit = 5_000
/** An owner that lives so long, in ms, is in no loop. */
const survival = 60_000

/**
 * Stands between intake and lanes, and lets records through. When a partition looks as if one of its records kills whoever handles
 * it, everything else of this process waits while the suspicious records run one at a time, each behind a stored mark. So the mark
 * names the killer beyond doubt, and at the third death it is refused instead of run.
 */
export type CrashLoopBreaker = {
  /** The partition numbers owned from now on. Records that were taken and not run yet are let go: their offsets are void. */
  onAssigned(partitions: readonly number[]): void
  take(record: BrokerRecord, done: () => void): void
  /** The last record of a batch was handed over, whoever listens to it. */
  reached(record: BrokerRecord): void
  /** Whether anything may run beside the records that were let through. */
  isOpen(): boolean
  /** Lets nothing through any more. */
  stop(): void
  /** An orderly end: whoever owns these partitions next need not wonder. */
  giveBack(): Promise<void>
}

type Held = { readonly record: BrokerRecord; readonly done: () => void }

export function crashLoopBreaker(options: {
  readonly marks: Marks
  readonly clock: Clock
  readonly log: Logger
  /** `refusal`: the record is not to be run, this is why. */
  readonly run: (record: BrokerRecord, done: () => void, refusal?: PoisonError) => void
  /** Only these partitions are wanted now; `null`: all of them. */
  readonly focus: (partitions: readonly number[] | null) => void
  /** Everything may run, for the first time since an assignment. */
  readonly onOpen: () => void
}): CrashLoopBreaker {
  const { marks, clock, log, run, focus, onOpen } = options
  let state: 'settling' | 'careful' | 'open' | 'stopped' = 'settling'
  let generation = 0
  let settling = Promise.resolve()
  const held: Held[] = []
  let suspects = new Map<string, Suspect>()
  let careful: readonly number[] = []
  let doubtful = new Set<number>()
  let reached = new Map<string, bigint>()
  let busy = false
  let cancelQuiet = () => {}
  let cancelSurvival = () => {}

  async function settle(partitions: readonly number[], mine: number): Promise<void> {
    const isCurrent = () => mine === generation
    const takeOver = await marks.settle(partitions, isCurrent)
    if (!takeOver || !isCurrent()) return
    for (const partition of takeOver.doubtful) doubtful.add(partition)
    for (const suspect of takeOver.suspects) suspects.set(name(suspect), suspect)
    if (suspects.size === 0) open()
    else beCareful()
  }

  function beCareful(): void {
    state = 'careful'
    careful = [...new Set([...suspects.values()].map(({ partition }) => partition))]
    log.warn('owners died here again and again: the records that wait run one at a time', {
      partitions: careful,
    })
    focus(careful)
    next()
  }

  function conclude(): void {
    log.info('no record here kills its owner: all may run again', { partitions: careful })
    for (const partition of careful) doubtful.delete(partition)
    suspects.clear()
    focus(null)
    void marks.acquit(careful)
    open()
  }

  function open(): void {
    state = 'open'
    for (const { record, done } of held.splice(0)) run(record, done)
    onOpen()
    if (doubtful.size > 0) cancelSurvival = clock.schedule(survival, () => void marks.acquit([...doubtful]))
  }

  function next(): void {
    if (state !== 'careful' || busy) return
    const at = held.findIndex(({ record }) => record.offset < (suspects.get(name(record))?.until ?? 0n))
    const [suspicious] = at === -1 ? [] : held.splice(at, 1)
    cancelQuiet()
    if (suspicious) runAlone(suspicious)
    else waitForMore()
  }

  function runAlone(suspicious: Held): void {
    busy = true
    void attempt(suspicious, generation).finally(() => {
      busy = false
      next()
    })
  }

  function waitForMore(): void {
    for (const [key, { until }] of suspects) if ((reached.get(key) ?? 0n) >= until) suspects.delete(key)
    cancelQuiet()
    if (suspects.size === 0) conclude()
    else cancelQuiet = clock.schedule(quietLimit, conclude)
  }

  async function attempt({ record, done }: Held, mine: number): Promise<void> {
    const deaths = await marks.begin(record)
    if (state === 'stopped') return
    if (mine !== generation) {
      done()
      return marks.end(record, false)
    }
    const handled = Promise.withResolvers<void>()
    const finish = () => {
      done()
      handled.resolve()
    }
    run(record, finish, deaths < deathLimit ? undefined : refusal(deaths))
    await marks.end(record, await within(attemptLimit, clock, handled.promise))
  }

  return {
    onAssigned(partitions) {
      if (state === 'stopped') return
      state = 'settling'
      generation++
      cancelQuiet()
      cancelSurvival()
      suspects = new Map([...suspects].filter(([, { partition }]) => partitions.includes(partition)))
      doubtful = new Set([...doubtful].filter((partition) => partitions.includes(partition)))
      reached = new Map()
      for (const { done } of held.splice(0)) done()
      const mine = generation
      settling = settling.then(() => settle(partitions, mine))
    },
    take(record, done) {
      if (state === 'open') return run(record, done)
      held.push({ record, done })
      next()
    },
    reached(record) {
      if (state === 'open') return
      reached.set(name(record), record.offset + 1n)
      next()
    },
    isOpen: () => state === 'open',
    stop() {
      state = 'stopped'
      generation++
      cancelQuiet()
      cancelSurvival()
    },
    async giveBack() {
      await settling
      await marks
        .giveBack()
        .catch((error) => log.warn('partitions could not be given back', { error: String(error) }))
    },
  }
}

function refusal(deaths: number): PoisonError {
  return new PoisonError(`${deaths} processes have died while they handled this record, and nothing else.`, {
    code: 'CHORUS_CRASH_LOOP',
  })
}

function name({ topic, partition }: Pick<Suspect, 'topic' | 'partition'>): string {
  return `${topic}/${partition}`
}
