import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { cached, cacheFolder, isCached } from './cache.ts'

let cache: string

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'chorus-cache-'))
})

afterEach(() => rmSync(cache, { recursive: true, force: true }))

describe('the cache', () => {
  test('is where XDG says, so that every clone finds the same', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/somewhere' })).toBe('/somewhere/chorus')
  })

  test('makes an entry once, for all who want it at the same time', async () => {
    const entry = { cache, name: 'kafka-1' }
    const waitedFor: number[] = []
    let made = 0
    const make = async (folder: string) => {
      made++
      await sleep(150)
      writeFileSync(join(folder, 'jar'), 'x')
    }
    const want = () => cached(entry, make, { onWait: (pid) => waitedFor.push(pid) })
    const folders = await Promise.all([want(), want(), want()])
    expect(made).toBe(1)
    expect(waitedFor).toEqual([process.pid, process.pid])
    for (const folder of folders) expect(readdirSync(folder)).toEqual(['jar'])
  })

  test('has an entry only when it is complete', async () => {
    const entry = { cache, name: 'kafka-1' }
    const breaks = async (folder: string) => {
      writeFileSync(join(folder, 'half'), 'x')
      throw new Error('no network')
    }
    await expect(cached(entry, breaks)).rejects.toThrow('no network')
    expect(isCached(entry)).toBe(false)
    const folder = await cached(entry, async (into) => writeFileSync(join(into, 'whole'), 'x'))
    expect(readdirSync(folder)).toEqual(['whole'])
  })

  test('takes over from one who was killed while making an entry', async () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    mkdirSync(join(cache, '.locks'))
    writeFileSync(join(cache, '.locks', 'kafka-1'), JSON.stringify({ pid, startedAt: '1' }))
    const folder = await cached({ cache, name: 'kafka-1' }, async () => {})
    expect(existsSync(folder)).toBe(true)
    expect(readdirSync(join(cache, '.locks'))).toEqual([])
  })
})
