/** `npm run bench:peers`: this shop beside other engines. See `bench/peers/README.md`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { readPeersOptions } from '../bench/peers/options.ts'
import { writePage } from '../bench/peers/page.ts'
import { runPeers } from '../bench/peers/run.ts'
import { explain } from '../infra/index.ts'

const options = readPeersOptions(process.argv)
const say = (line: string) => process.stdout.write(`${line}\n`)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error(signal)))

const folder = mkdtempSync(join(tmpdir(), 'chorus-peers-'))
try {
  const result = await runPeers({ ...options, folder, signal: interrupted.signal, say })
  mkdirSync(dirname(options.json), { recursive: true })
  writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`)
  say(`\nEvery order of every turn is right. Result: ${relative('.', options.json)}`)
  if (options.writeDocs) writePage(result)
} catch (error) {
  if (!interrupted.signal.aborted) process.stderr.write(`${explain(error)}\n`)
  process.exitCode = interrupted.signal.aborted ? 130 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}
