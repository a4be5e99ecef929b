import type { Clock } from '../clock.ts'
import { type Caller, caller } from './call.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** A process of a simulated run: whatever it asks for, and every timer it sets, passes through here, and ends when it dies. */
export type SimulatedProcess = {
  /** `<participant>#<n>` */
  readonly name: string
  readonly participant: string
  readonly clock: Clock
  readonly random: Random
  readonly call: Caller
  /** Runs the task as soon as the process can: now, or when it no longer stands still, in the order of the calls. Never, when it is dead. */
  wake(task: () => void): void
  isAlive(): boolean
  /** As `kill -9`: what it has asked for may still be done, but nothing is heard, and no timer fires. */
  kill(): void
  /** Stands still for so many ms. */
  stall(ms: number): void
  /** Its clock is ahead of the world's by so many ms, which may be negative. */
  setClock(ahead: number): void
  onDeath(tell: () => void): void
  /** Calls this each time that it begins to stand still, for so many ms. */
  onStall(tell: (ms: number) => void): void
}

export function simulatedProcess(world: World, participant: string, name: string): SimulatedProcess {
  const { scheduler } = world
  const random = world.random.fork(name)
  const deathWatch: (() => void)[] = []
  const stallWatch: ((ms: number) => void)[] = []
  /** What waits until it no longer stands still, in its order. */
  const backlog: (() => void)[] = []
  let dead = false
  let stalledUntil = 0
  let ahead = 0

  const isStalled = () => stalledUntil > scheduler.now()

  function wake(task: () => void): void {
    if (dead) return
    if (isStalled() || backlog.length > 0) {
      backlog.push(task)
      if (backlog.length === 1) goOnLater()
    } else task()
  }

  function goOnLater(): void {
    scheduler.after(stalledUntil - scheduler.now(), `${name} goes on`, goOn)
  }

  /** One task at a time, so that each is felt to its end. */
  function goOn(): void {
    if (dead) return
    if (!isStalled()) {
      backlog[0]?.()
      backlog.shift()
    }
    if (backlog.length > 0) goOnLater()
  }

  const clock: Clock = {
    now: () => scheduler.now() + ahead,
    schedule(ms, task) {
      let cancelled = false
      const cancel = scheduler.after(ms, `${name} timer`, () => wake(() => cancelled || task()))
      return () => {
        cancelled = true
        cancel()
      }
    },
  }

  function kill(): void {
    if (dead) return
    dead = true
    scheduler.note(`${name} dies`)
    for (const tell of deathWatch) tell()
  }

  return {
    name,
    participant,
    clock,
    random,
    call: caller(world, { name, participant, random, wake, isAlive: () => !dead, kill }),
    wake,
    isAlive: () => !dead,
    kill,
    stall(ms) {
      stalledUntil = Math.max(stalledUntil, scheduler.now() + ms)
      scheduler.note(`${name} stands still`)
      for (const tell of stallWatch) tell(ms)
    },
    setClock(to) {
      ahead = to
    },
    onDeath: (tell) => void deathWatch.push(tell),
    onStall: (tell) => void stallWatch.push(tell),
  }
}
