import type { Contracts, EventContract } from './contracts.ts'
import { RetryableError, TerminalError } from './errors.ts'
import type { RegistryAdmin } from './registry-admin.ts'
import { type BreakingChange, breakingChanges } from './schema-changes.ts'

/** Where a contract stands in the registry. */
export type PublishedSubject = { readonly subject: string; readonly version: number; readonly id: number }

/** A change that the registry must not take, and against which published version. */
export type Incompatibility = BreakingChange & { readonly subject: string; readonly version: number | 'any' }

const level = 'FULL_TRANSITIVE'

/**
 * Publishes every contract, all of them or none: rejects with a `TerminalError` that explains each incompatible change, before
 * anything is registered. Repeating it changes nothing. The rule is set first, since a registry enforces nothing by default.
 */
export async function publishContracts(
  contracts: Contracts,
  registry: RegistryAdmin,
): Promise<readonly PublishedSubject[]> {
  const events = Object.values(contracts.events)
  await oneByOne([undefined, ...events], (event) => registry.setCompatibility(level, event?.subject))
  const found = await findIncompatibilities(contracts, registry)
  if (found.length > 0) {
    throw new TerminalError(found.map(explainIncompatibility).join('\n\n'), {
      code: 'CHORUS_INCOMPATIBLE_CONTRACT',
    })
  }
  return oneByOne(events, (event) => publish(event, registry))
}

/** A registry that has just started answers one request slowly, and a crowd of them too late. */
async function oneByOne<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}

async function publish(
  { subject, schema }: EventContract,
  registry: RegistryAdmin,
): Promise<PublishedSubject> {
  const known = await registry.find(subject, schema)
  if (known) return { subject, ...known }
  await registry.register(subject, schema)
  const added = await registry.find(subject, schema)
  if (added) return { subject, ...added }
  throw new RetryableError(`${subject} was registered, but the registry does not find it yet.`)
}

/** What keeps the contracts from being published. Changes nothing in the registry. */
export async function findIncompatibilities(
  contracts: Contracts,
  registry: RegistryAdmin,
): Promise<readonly Incompatibility[]> {
  const events = Object.values(contracts.events)
  return (await oneByOne(events, (event) => incompatibilitiesOf(event, registry))).flat()
}

async function incompatibilitiesOf(
  { subject, schema }: EventContract,
  registry: RegistryAdmin,
): Promise<readonly Incompatibility[]> {
  if (await registry.find(subject, schema)) return []
  const versions = await registry.versions(subject)
  const broken = versions.flatMap(({ version, schema: before }) =>
    breakingChanges(before, schema).map((change) => ({ ...change, subject, version })),
  )
  if (broken.length > 0) return broken
  const objections = await registry.objections(subject, schema)
  return objections.map((rule) => ({
    subject,
    version: 'any',
    field: '',
    rule,
    fix: 'undo the change',
  }))
}

/** One incompatible change in the words of a command's output: what failed, why, and two ways on. */
export function explainIncompatibility({ subject, version, field, rule, fix }: Incompatibility): string {
  const event = subject.slice(subject.lastIndexOf('.') + 1)
  const against = version === 'any' ? 'the published versions' : `published version ${version}`
  return [
    `✗ ${subject} is not compatible with ${against}`,
    `  Why: ${field ? `${event}.${field}` : event}: ${rule} (${level})`,
    `  Fix: ${fix}, then npm run contracts:generate`,
    `  Or:  leave ${event} as it was and say the new thing in an event with a new name`,
  ].join('\n')
}
