import { cacheFolder, isCached } from './cache.ts'
import { choose } from './choose.ts'
import { dataFolderFrom, dataSetIn } from './data.ts'
import { type DockerProbe, dockerPorts, probeDocker } from './docker.ts'
import { checkGiven, givenAddresses, givenParts, type Part, parts } from './given.ts'
import type { Missing, Mode } from './infrastructure.ts'
import { hasJaeger } from './jaeger.ts'
import { findJava, JAVA_NEEDED } from './java.ts'
import { kafkaEntry } from './kafka.ts'
import { chooseEngine, dataParts, localPorts, NO_JAEGER } from './local-servers.ts'
import { portsFrom, refuseBusyPorts } from './ports.ts'
import { Problem } from './problem.ts'
import { registryEntry } from './registry.ts'
import { lacksForLocal } from './requirements.ts'
import { usableSet } from './state.ts'
import { describe, type StoreEngine, storeEntries } from './store.ts'
import { versions } from './versions.ts'

/** One thing that was looked at. `missing` keeps the real servers from starting; `optional` does not. */
export interface Finding {
  readonly what: string
  readonly state: 'ok' | 'missing' | 'optional'
  readonly detail: string
  readonly blocks?: string
  readonly fix?: string
}

/** What `npm start` would find. `real`: it would run against real servers. */
export interface Examination {
  readonly real: boolean
  readonly mode: Mode | undefined
  readonly findings: readonly Finding[]
}

/** Looks at everything that a start depends on and changes nothing. */
export async function examine(environment: NodeJS.ProcessEnv): Promise<Examination> {
  const folder = dataFolderFrom(environment)
  const cache = cacheFolder(environment)
  const given = givenAddresses(environment)
  const own = parts.filter((part) => !givenParts(given).includes(part))
  const docker = await probeDocker(environment)
  const lacks = lacksForLocal(own, cache, environment)
  const mode = await modeOf(own, docker, lacks)
  const up = await check('servers left by `npm run up`', async () =>
    (await usableSet(folder)) ? 'running' : 'none',
  )
  const findings: Finding[] = [
    ok('Node', process.version),
    ...(givenParts(given).length > 0
      ? [
          await check('addresses in the environment', async () =>
            addressDetail(await checkGiven(given, environment)),
          ),
        ]
      : []),
    docker.answers ? ok('Docker', docker.why) : { what: 'Docker', state: 'optional', detail: docker.why },
    ...lacks.map((lack) => absent(lack, mode === 'embedded' ? 'missing' : 'optional')),
    ...(await (mode === 'local' ? localFindings(own, cache, folder, environment) : [])),
    up,
    ...(up.detail === 'none' ? [await portFinding(mode, own, cache, environment)] : []),
  ]
  return { real: mode !== 'embedded' && findings.every(({ state }) => state !== 'missing'), mode, findings }
}

async function modeOf(own: readonly Part[], docker: DockerProbe, lacks: readonly Missing[]): Promise<Mode> {
  if (own.every((part) => part === 'jaeger')) return 'environment'
  return (await choose(undefined, { docker: async () => docker, local: () => lacks })).mode
}

function localFindings(
  own: readonly Part[],
  cache: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  const { java } = findJava(environment)
  const downloaded = (entry: Parameters<typeof isCached>[0], size: string) =>
    isCached(entry) ? 'in the cache' : `to be downloaded by the first start (${size})`
  const findings = own.map(async (part): Promise<Finding[]> => {
    switch (part) {
      case 'kafka':
        return [
          ok(`Java ${JAVA_NEEDED} or newer`, `${java?.version} (${java?.command})`),
          ok(`Kafka ${versions.kafka}`, downloaded(kafkaEntry(cache), '44 MB')),
        ]
      case 'registry':
        return [ok(`Apicurio ${versions.apicurio}`, downloaded(registryEntry(cache), '159 MB'))]
      case 'store':
        return storeFindings(own, cache, folder, environment)
      case 'jaeger':
        return [hasJaeger(cache) ? ok(NO_JAEGER.what, 'in the cache') : absent(NO_JAEGER, 'optional')]
    }
  })
  return Promise.all(findings).then((found) => found.flat())
}

async function storeFindings(
  own: readonly Part[],
  cache: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Finding[]> {
  let engine: StoreEngine | undefined
  const store = await check('store and its data', async () => {
    const set = dataSetIn(folder, dataParts(own))
    engine = chooseEngine(cache, environment, set?.engine)
    const { title, version } = describe(engine ?? 'secantusdb-wheel')
    return `${title} ${version}, ${set ? `data in ${folder}` : 'no data yet'}`
  })
  const faster = engine === 'secantusdb-wheel' && !isCached(storeEntries.native(cache))
  return faster ? [store, absent(NO_FAST_STORE, 'optional')] : [store]
}

const NO_FAST_STORE: Missing = {
  what: `SecantusDB ${versions.secantusdbNative}`,
  blocks: 'the store runs in Python, which is about four times slower',
  command: 'npm run infra:build -- --only secantusdb',
}

/** Of the services that `npm start` starts beside the servers. */
const servicePorts = ['order', 'payment', 'shipping', 'tracker', 'sandbox'] as const

function portFinding(
  mode: Mode,
  own: readonly Part[],
  cache: string,
  environment: NodeJS.ProcessEnv,
): Promise<Finding> {
  return check('ports', async () => {
    const needed =
      mode === 'docker' ? dockerPorts(own) : mode === 'local' ? localPorts({ parts: own, cache }) : []
    const ports = portsFrom(environment)
    const all = [...needed, ...servicePorts]
    await refuseBusyPorts(ports, all)
    return `free: ${all.map((name) => ports[name]).join(', ')}`
  })
}

function addressDetail(silent: readonly Missing[]): string {
  return silent.length === 0 ? 'all answer' : silent.map(({ what }) => `${what} does not answer`).join('; ')
}

function ok(what: string, detail: string): Finding {
  return { what, state: 'ok', detail }
}

function absent({ what, blocks, command }: Missing, state: 'missing' | 'optional'): Finding {
  return { what, state, detail: 'not there', blocks, fix: command }
}

/** What a start would refuse is a finding here. */
async function check(what: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return ok(what, await look())
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { message, why, fix } = error
    return { what, state: 'missing', detail: `${message} ${why}`, blocks: 'starting real servers', fix }
  }
}
