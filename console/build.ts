import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const here = import.meta.dirname
const output = join(here, 'dist')
const stamp = join(output, 'built-from')

/** Builds the page into `console/dist`, unless it is there and its sources are the same. Takes a few seconds when they are not. */
export async function buildConsole(): Promise<'built' | 'up to date'> {
  const sources = await hashOfSources()
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === sources) return 'up to date'
  const { build } = await import('vite')
  const fresh = join(here, `dist-${randomUUID()}`)
  try {
    await build({ configFile: join(here, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
    await writeFile(join(fresh, 'built-from'), sources)
    // In one go, so that nobody is served half a page.
    await rm(output, { recursive: true, force: true })
    await rename(fresh, output)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return 'built'
}

/** The lockfile counts: another React is another page. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(await readFile(join(here, '../package-lock.json')))
  const entries = await readdir(here, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const file of files.filter((path) => !path.startsWith(join(here, 'dist'))).sort())
    hash.update(file.slice(here.length)).update(await readFile(file))
  return hash.digest('hex')
}
