/** `npm run bench`: how fast the shop is and what an order costs. See `bench/README.md`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { readOptions } from '../bench/options.ts'
import { writePage } from '../bench/report/page.ts'
import { runBench } from '../bench/run.ts'
import { explain } from '../infra/index.ts'

const options = readOptions(process.argv)
const say = (line: string) => process.stdout.write(`${line}\n`)
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => interrupted.abort(new Error(signal)))

const folder = mkdtempSync(join(tmpdir(), 'chorus-bench-'))
try {
  const result = await runBench({ ...options, folder, signal: interrupted.signal, say })
  mkdirSync(dirname(options.json), { recursive: true })
  writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`)
  say(`\n${result.audit.orders} orders, ${result.audit.checked} of them checked: all invariants hold.`)
  say(`Result: ${relative('.', options.json)}`)
  if (options.writeDocs) writePage(result)
} catch (error) {
  if (!interrupted.signal.aborted) process.stderr.write(`${explain(error)}\n`)
  process.exitCode = interrupted.signal.aborted ? 130 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  process.exit()
}
