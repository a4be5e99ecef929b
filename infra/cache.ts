import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './lock.ts'

/** Where downloads and builds live, shared by all clones of a user. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'chorus')
}

/** One thing kept in the cache, e.g. `kafka-4.3.1`: a folder that is complete whenever it exists. */
export interface CacheEntry {
  readonly cache: string
  readonly name: string
}

export function folderOf({ cache, name }: CacheEntry): string {
  return join(cache, name)
}

export function isCached(entry: CacheEntry): boolean {
  return existsSync(folderOf(entry))
}

/** The log of how an entry was made, kept so that a failed download can be read. */
export function logOf({ cache, name }: CacheEntry): string {
  return join(made(join(cache, 'logs')), `${name}.log`)
}

const LOCK_LIMIT_MS = 60 * 60_000

/**
 * The folder of an entry, made first when absent: `make` fills an empty folder, which takes its place in one
 * rename. One process makes an entry at a time; the others wait and then find it there.
 */
export async function cached(
  entry: CacheEntry,
  make: (folder: string) => Promise<void>,
  { onWait, signal }: { onWait?: (pid: number) => void; signal?: AbortSignal } = {},
): Promise<string> {
  const folder = folderOf(entry)
  if (existsSync(folder)) return folder
  const fill = async () => {
    if (existsSync(folder)) return
    const partial = join(made(join(entry.cache, '.partial')), entry.name)
    rmSync(partial, { recursive: true, force: true }) // of one who died while making it
    await make(made(partial))
    renameSync(partial, folder)
  }
  const lock = join(made(join(entry.cache, '.locks')), entry.name)
  await withLock(lock, fill, { limitMs: LOCK_LIMIT_MS, ...(onWait && { onWait }), ...(signal && { signal }) })
  return folder
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true })
  return folder
}
