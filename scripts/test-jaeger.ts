/**
 * `npm run test:jaeger`: the acceptance tests of tracing through a real Jaeger, which is compiled into the cache first
 * if it is not there. Starts its own servers on free ports and stops them.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  anyPorts,
  buildInfrastructure,
  describeInfrastructure,
  explain,
  startInfrastructure,
  wipeData,
} from '../infra/index.ts'
import { runJest, timed } from './test-steps.ts'

const folder = mkdtempSync(join(tmpdir(), 'chorus-test-jaeger-'))
const interrupted = new AbortController()
const { signal } = interrupted
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => interrupted.abort(new Error(name)))

let outcome = { passed: 0, failed: 1 }
try {
  for (const failure of await buildInfrastructure(['jaeger'], signal)) throw failure
  const infrastructure = await startInfrastructure({
    ports: anyPorts,
    dataFolder: join(folder, 'data'),
    progress: 'silent',
    signal,
  })
  try {
    console.log(describeInfrastructure(infrastructure))
    // What tests leave in the temporary folder goes with ours.
    const env = { ...process.env, TMPDIR: folder, ...infrastructure.environment }
    const args = ['--testMatch', '**/test/*.jaeger.ts']
    outcome = await timed('traces in Jaeger', () =>
      runJest(args, { report: join(folder, 'jest.json'), env, signal }),
    )
  } finally {
    await infrastructure.stop()
  }
} catch (error) {
  console.error(explain(error))
} finally {
  await wipeData(join(folder, 'data'))
  rmSync(folder, { recursive: true, force: true })
}
console.log(`${outcome.passed} passed, ${outcome.failed} failed`)
process.exitCode = outcome.failed === 0 ? 0 : 1
