import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CacheEntry, cached, cacheFolder, isCached, logOf } from './cache.ts'
import { jaegerEntry } from './jaeger.ts'
import { onPath } from './path.ts'
import { Problem } from './problem.ts'
import { runSteps, type Step } from './progress.ts'
import { run } from './run.ts'
import { storeEntries } from './store.ts'
import { versions } from './versions.ts'

const LIMIT_MS = 3 * 60 * 60_000
const REPORT_EVERY_MS = 15_000
const JAEGER_MODULE = fileURLToPath(new URL('./jaeger', import.meta.url))

/** What `infra:build` can compile. */
export const buildable = ['jaeger', 'secantusdb'] as const
export type Buildable = (typeof buildable)[number]

/** How one of them is compiled into an empty folder. */
interface Recipe {
  readonly title: string
  readonly entry: CacheEntry
  readonly tools: readonly string[]
  readonly install: string
  command(folder: string): { args: readonly string[]; cwd?: string; env: NodeJS.ProcessEnv }
  /** What is kept between attempts, so that an interrupted build goes on where it was. */
  readonly leftovers?: string
}

/**
 * Compiles into the cache, one after the other, at the lowest priority; what is there already is left alone.
 * An interrupted build goes on where it stopped, and two at once are one: the second waits. One that fails does
 * not keep the next from being built; resolves with the failures.
 */
export async function buildInfrastructure(
  wanted: readonly Buildable[],
  signal: AbortSignal,
): Promise<unknown[]> {
  const failures: unknown[] = []
  for (const what of wanted) {
    if (signal.aborted) break
    const step = buildStep(what, cacheFolder(process.env), process.env)
    await runSteps([step], 'show', signal).catch((error: unknown) => failures.push(error))
  }
  return failures
}

function buildStep(what: Buildable, cache: string, environment: NodeJS.ProcessEnv): Step {
  const recipe = recipes[what](cache)
  return {
    title: recipe.title,
    async run(report, signal) {
      if (isCached(recipe.entry)) return `${recipe.title} is built already`
      refuseWithoutTools(recipe, environment)
      const onWait = (pid: number) => report(`pid ${pid} is building it, waiting`)
      await cached(recipe.entry, (folder) => compile(recipe, folder, report, signal), { onWait, signal })
      if (recipe.leftovers) rmSync(recipe.leftovers, { recursive: true, force: true })
      return `${recipe.title} is built`
    },
  }
}

const recipes: Record<Buildable, (cache: string) => Recipe> = {
  jaeger: (cache) => ({
    title: `Jaeger ${versions.jaeger}`,
    entry: jaegerEntry(cache),
    tools: ['go'],
    install: 'install Go 1.25 or newer',
    command: (folder) => ({
      args: [
        'go',
        'build',
        '-v',
        '-p',
        '2',
        '-trimpath',
        '-ldflags',
        '-s -w',
        '-o',
        join(folder, 'jaeger'),
        JAEGER,
      ],
      cwd: JAEGER_MODULE,
      env: { CGO_ENABLED: '0' },
    }),
  }),
  secantusdb: (cache) => {
    const leftovers = join(cache, '.build', 'secantusdb')
    const pin = ['--version', versions.secantusdbNative, '--locked', '--ignore-rust-version']
    return {
      title: `SecantusDB ${versions.secantusdbNative}`,
      entry: storeEntries.native(cache),
      tools: ['cargo', 'cmake', 'cc'],
      install: 'install Rust, cmake and a C compiler (Debian: sudo apt install cargo cmake build-essential)',
      command: (folder) => ({
        args: ['cargo', 'install', 'secantus-mdb', ...pin, '-j', '2', '--root', folder],
        env: { CARGO_TARGET_DIR: leftovers },
      }),
      leftovers,
    }
  },
}

const JAEGER = 'github.com/jaegertracing/jaeger/cmd/jaeger'

function refuseWithoutTools({ title, tools, install }: Recipe, environment: NodeJS.ProcessEnv): void {
  const absent = tools.filter((tool) => !onPath(tool, environment))
  if (absent.length === 0) return
  throw new Problem(`${title} cannot be built here.`, {
    why: `${absent.join(' and ')} is not on PATH`,
    fix: install,
  })
}

async function compile(
  { entry, command }: Recipe,
  folder: string,
  report: (doing: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const log = logOf(entry)
  writeFileSync(log, '')
  const began = Date.now()
  const tell = () => report(`compiling at low priority, ${progressOf(log, began)}`)
  tell()
  const ticking = setInterval(tell, REPORT_EVERY_MS)
  try {
    const { args, cwd, env } = command(folder)
    const nice = { command: 'nice', args: ['-n', '19', ...args], env: { ...process.env, ...env } }
    await run({ ...nice, ...(cwd && { cwd }), log, limitMs: LIMIT_MS, signal })
  } finally {
    clearInterval(ticking)
  }
}

/** Both compilers write a line for each package. */
function progressOf(log: string, began: number): string {
  const packages = readFileSync(log, 'utf8').split('\n').length - 1
  const minutes = Math.floor((Date.now() - began) / 60_000)
  return `${packages} packages in ${minutes} min (log: ${log})`
}
