import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { explain } from '../infra/index.ts'

/** What a script that measures is given. */
export type Surroundings = {
  /** For data, logs and profiles; gone afterwards. */
  readonly folder: string
  /** Aborted by SIGINT and SIGTERM: the work then stops what it has started, and rejects. */
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Runs what a script is there for, and ends the process: with 0, with 1 and the reason on stderr when it fails, with 130 when it is interrupted. */
export async function runScript(
  name: string,
  work: (surroundings: Surroundings) => Promise<void>,
): Promise<never> {
  const interrupted = new AbortController()
  const { signal } = interrupted
  for (const kind of ['SIGINT', 'SIGTERM'] as const)
    process.on(kind, () => interrupted.abort(new Error(kind)))
  const folder = mkdtempSync(join(tmpdir(), `chorus-${name}-`))
  let code = 0
  try {
    await work({ folder, signal, say: (line) => void process.stdout.write(`${line}\n`) })
  } catch (error) {
    if (!signal.aborted) process.stderr.write(`${explain(error)}\n`)
    code = signal.aborted ? 130 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  process.exit(code)
}

/** Writes the result as JSON, and says where. */
export function writeResult(file: string, result: object, say: Surroundings['say']): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`)
  say(`Result: ${relative('.', file)}`)
}
