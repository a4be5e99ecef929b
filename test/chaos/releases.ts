import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServiceName } from '../../scripts/shop/shop.ts'

/** Releases of services beside the one of this tree. */
export type Releases = {
  /** Makes the next release of a service. Resolves with the folder that it runs in. */
  next(service: ServiceName): Promise<string>
}

const root = join(import.meta.dirname, '../..')
const rooms = ['contracts', 'messaging', 'observability', 'orchestration', 'services', 'package.json']

/**
 * Each release is a copy of the sources whose participant has the next version. Sagas of the versions before go on with their old
 * machine in one release and migrate in the next, in turns: the two ways that an owner has.
 */
export function releasesIn(folder: string): Releases {
  const versions = new Map<ServiceName, readonly number[]>()

  async function next(service: ServiceName): Promise<string> {
    const file = join('services', service, 'participant.ts')
    const source = await readFile(join(root, file), 'utf8')
    const before = versions.get(service) ?? [versionIn(source)]
    const version = (before.at(-1) ?? 0) + 1
    versions.set(service, [...before, version])
    const release = join(folder, `${service}-version-${version}`)
    await mkdir(release, { recursive: true })
    await Promise.all(rooms.map((room) => cp(join(root, room), join(release, room), { recursive: true })))
    await symlink(join(root, 'node_modules'), join(release, 'node_modules'))
    await writeFile(join(release, file), withVersion(source, version, before))
    return release
  }

  return { next }
}

const versionLine = /version: '(\d+)',/
const migrateBegin = 'migrate: { '

function versionIn(source: string): number {
  const version = versionLine.exec(source)?.[1]
  if (!version || !source.includes(migrateBegin))
    throw new Error('participant.ts does not say its version as expected')
  return Number(version)
}

/** The source of `participant.ts` with a newer version of the same machine. */
export function withVersion(source: string, version: number, before: readonly number[]): string {
  const machine = /machine: (\w+),/.exec(source)?.[1] ?? ''
  const earlier = before.map((old) => `'${old}': { machine: ${machine} }`).join(', ')
  const migrations = before.map((old) => `'${old}': (state) => state, `).join('')
  const kept = version % 2 === 1
  const newest = source.replace(
    versionLine,
    `version: '${version}',${kept ? ` earlier: { ${earlier} },` : ''}`,
  )
  return kept ? newest : newest.replace(migrateBegin, migrateBegin + migrations)
}
