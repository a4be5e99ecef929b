import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { identify, isAlive, type ProcessId } from './processes.ts'
import { waitUntil } from './wait.ts'

/**
 * Holds the lock `file` while `work` runs: one process of this machine at a time. A lock whose owner is dead is
 * taken over. `onWait` is told once who is waited for; after `limitMs` of waiting it throws.
 */
export async function withLock<T>(
  file: string,
  work: () => Promise<T>,
  { limitMs, onWait, signal }: { limitMs: number; onWait?: (pid: number) => void; signal?: AbortSignal },
): Promise<T> {
  let told = false
  await waitUntil(
    async () => {
      if (take(file)) return
      const owner = ownerOf(file)
      if (owner && !isAlive(owner)) rmSync(file, { force: true }) // the next try may take it
      if (owner && !told) onWait?.(owner.pid)
      told = owner !== undefined
      throw new Error(`pid ${owner?.pid ?? 'unknown'} holds ${file}`)
    },
    { limitMs, ...(signal && { signal }) },
  )
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function ownerOf(file: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // just released, or about to be written
  }
}
