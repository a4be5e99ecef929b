import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Addresses, Missing, Mode, Server } from './infrastructure.ts'
import { Problem } from './problem.ts'
import { isAlive, type ProcessId } from './processes.ts'
import { waitUntil } from './wait.ts'

/** The servers that run on a data folder, written beside the data. */
export interface RunningSet {
  /** The starter that will stop them; absent for those that `npm run up` left running. */
  readonly owner?: ProcessId
  readonly mode: Mode
  readonly why: string
  readonly servers: readonly Server[]
  /** What has to be stopped, each the leader of its own process group. */
  readonly processes: readonly (ProcessId & { readonly name: string })[]
  readonly environment: Addresses
  readonly missing: readonly Missing[]
}

const fileIn = (folder: string) => join(folder, 'running.json')

/** What was last recorded, whether it still runs or not. */
export function readRunning(folder: string): RunningSet | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

export function writeRunning(folder: string, set: RunningSet): void {
  mkdirSync(folder, { recursive: true })
  const partial = `${fileIn(folder)}.${process.pid}`
  writeFileSync(partial, JSON.stringify(set, undefined, 2))
  renameSync(partial, fileIn(folder))
}

export function forgetRunning(folder: string): void {
  rmSync(fileIn(folder), { force: true })
}

/** The recorded processes that are still the same ones and alive. */
export function aliveProcesses(set: RunningSet): RunningSet['processes'] {
  return set.processes.filter(isAlive)
}

const DYING_LIMIT_MS = 40_000

/**
 * The set that `npm run up` left running and that can be used, or undefined when the data folder is free.
 * Waits for the servers of a starter that was killed: its guard is stopping them.
 */
export async function usableSet(folder: string, signal?: AbortSignal): Promise<RunningSet | undefined> {
  const set = readRunning(folder)
  if (!set) return undefined
  if (set.owner && isAlive(set.owner)) throw alreadyRunning(folder, set.owner.pid)
  const alive = aliveProcesses(set)
  if (!set.owner && alive.length > 0 && alive.length === set.processes.length) return set
  if (!set.owner && alive.length > 0) throw halfRunning(set, alive)
  await waitUntil(async () => refuseAlive(aliveProcesses(set)), {
    limitMs: DYING_LIMIT_MS,
    ...(signal && { signal }),
  })
  forgetRunning(folder)
  return undefined
}

function refuseAlive(alive: readonly ProcessId[]): void {
  if (alive.length === 0) return
  const pids = alive.map(({ pid }) => pid).join(' ')
  throw new Problem('Servers of an earlier start do not end.', {
    why: `their starter is gone, and pid ${pids} still runs`,
    fix: 'npm run down',
    or: `kill -9 ${pids}`,
  })
}

function alreadyRunning(folder: string, pid: number): Problem {
  return new Problem('Chorus is already running on these data.', {
    why: `pid ${pid} runs the servers of ${folder}`,
    fix: `stop it with Ctrl-C in its terminal (or: kill ${pid})`,
    or: 'CHORUS_DATA=<another folder> and other ports for a second one',
  })
}

function halfRunning(set: RunningSet, alive: RunningSet['processes']): Problem {
  const dead = set.processes.filter((one) => !alive.includes(one)).map(({ name }) => name)
  return new Problem('The servers that `npm run up` left are only partly alive.', {
    why: `${dead.join(' and ')} has ended`,
    fix: 'npm run down && npm run up',
  })
}
