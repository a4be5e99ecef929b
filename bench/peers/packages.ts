import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached, cacheFolder, logOf } from '../../infra/cache.ts'
import { run } from '../../infra/run.ts'

/** What a peer is made of: packages and their versions. The first one names it. */
type Pins = Readonly<Record<string, string>>

export const restatePins: Pins = {
  '@restatedev/restate-server': '1.7.12',
  '@restatedev/restate-sdk': '1.17.2',
}

export const dbosPins: Pins = {
  '@dbos-inc/dbos-sdk': '5.3.0',
  pg: '8.23.1',
}

const limitMs = 10 * 60_000

/** The folder with a peer's packages in the user's cache, installed there at first use: they are no dependencies of this project. Rejects with a `Problem` when they cannot be had. */
export async function packagesOf(pins: Pins, signal: AbortSignal): Promise<string> {
  const entry = { cache: cacheFolder(process.env), name: entryName(pins) }
  return await cached(
    entry,
    async (folder) => {
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: pins }))
      const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund']
      await run({ command: 'npm', args, cwd: folder, log: logOf(entry), limitMs, signal })
    },
    { signal },
  )
}

/** Other versions are another entry. */
export function entryName(pins: Pins): string {
  const told = Object.entries(pins).map(([name, version]) => `${name.split('/').at(-1)}-${version}`)
  return ['peers', ...told].join('-')
}

/** Names and versions, as a reader knows them. */
export function versionsIn(pins: Pins): string[] {
  return Object.entries(pins).map(([name, version]) => `${name} ${version}`)
}
