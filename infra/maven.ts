import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onPath } from './path.ts'
import { run } from './run.ts'

const POM = fileURLToPath(new URL('./local/pom.xml', import.meta.url))
const LIMIT_MS = 15 * 60_000

export function findMaven(environment: NodeJS.ProcessEnv): string | undefined {
  return onPath('mvn', environment)
}

/** Runs a goal of the dependency plugin. The pom is copied into `folder`: the plugin leaves its marks beside it. */
export async function fetchWithMaven(
  goal: 'copy-dependencies' | 'unpack',
  options: Record<string, string>,
  { folder, log, signal }: { folder: string; log: string; signal?: AbortSignal },
): Promise<void> {
  const pom = join(folder, 'pom.xml')
  copyFileSync(POM, pom)
  const settings = Object.entries(options).map(([name, value]) => `-D${name}=${value}`)
  const args = ['-q', '-B', '-f', pom, `dependency:${goal}`, ...settings]
  await run({ command: 'mvn', args, log, limitMs: LIMIT_MS, ...(signal && { signal }) })
}
