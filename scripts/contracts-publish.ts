import { contracts } from '#contracts'
import {
  explainIncompatibility,
  findIncompatibilities,
  type PublishedSubject,
  publishContracts,
  registryConfigFromEnvironment,
  restRegistryAdmin,
} from '#messaging'

const usage = `npm run contracts:publish [-- --check]
  Publishes every contract to the schema registry (SCHEMA_REGISTRY_URL) under FULL_TRANSITIVE.
  --check  only says whether they could be published; changes nothing
Exit code: 0 done · 1 an incompatible change, or the registry could not be asked`

function table(rows: readonly PublishedSubject[]): string {
  const width = Math.max(...rows.map(({ subject }) => subject.length))
  const line = (subject: string, version: string, id: string) =>
    `${subject.padEnd(width)}  ${version.padStart(7)}  ${id.padStart(5)}`
  return [
    line('subject', 'version', 'id'),
    ...rows.map(({ subject, version, id }) => line(subject, String(version), String(id))),
  ].join('\n')
}

async function run(checkOnly: boolean): Promise<void> {
  const registry = restRegistryAdmin(registryConfigFromEnvironment())
  if (!checkOnly) {
    console.log(table(await publishContracts(contracts, registry)))
    return
  }
  const found = await findIncompatibilities(contracts, registry)
  if (found.length > 0) throw new Error(found.map(explainIncompatibility).join('\n\n'))
  console.log(`✓ all ${Object.keys(contracts.events).length} contracts are compatible with what is published`)
}

function report(error: unknown): void {
  const { message } = error as Error
  console.error(message.startsWith('✗') ? message : unreachable(message))
  process.exitCode = 1
}

const unreachable = (why: string) =>
  `✗ the contracts were not published\n  Why: ${why}\n  Fix: start the registry (npm run up) and set SCHEMA_REGISTRY_URL to its Confluent API`

const [argument, ...others] = process.argv.slice(2)
if (argument === '--help') console.log(usage)
else if (others.length > 0 || (argument !== undefined && argument !== '--check')) {
  console.error(`✗ unknown argument ${others[0] ?? argument}\n${usage}`)
  process.exitCode = 1
} else await run(argument === '--check').catch(report)
