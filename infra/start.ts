import { bringUp, type Start } from './bring-up.ts'
import { cacheFolder } from './cache.ts'
import { type Choice, choose, embedded } from './choose.ts'
import { createDataSet, dataFolderFrom, dataSetIn } from './data.ts'
import { dockerPlan, dockerPorts, dockerServers, probeDocker } from './docker.ts'
import { checkGiven, givenAddresses, givenParts, givenServers, type Part, parts } from './given.ts'
import type { AskableMode, Infrastructure, Missing } from './infrastructure.ts'
import type { KafkaListener } from './kafka.ts'
import { chooseEngine, dataParts, downloads, lacksInCache, localPlans, localPorts } from './local-servers.ts'
import { type PortName, type Ports, portsFrom, refuseBusyPorts, withFreePorts } from './ports.ts'
import { Problem } from './problem.ts'
import { type Progress, runSteps } from './progress.ts'
import { lacksForLocal } from './requirements.ts'
import { type RunningSet, usableSet } from './state.ts'

/** How to start; everything has a default that suits `npm start`. */
export interface StartOptions {
  /** Forces one mode; without it the first that can run is taken. Given addresses win in docker and local mode. */
  readonly mode?: AskableMode
  /** 0 stands for any free port. Default: the `*_PORT` variables of the environment. */
  readonly ports?: Ports
  /** What to start or to find. Default: everything. */
  readonly parts?: readonly Part[]
  /** They live for minutes only: Kafka then starts with half the work, and never gets as fast as it could. */
  readonly shortLived?: boolean
  /** Where the servers keep their data and logs. Default: `CHORUS_DATA`, or `.chorus/data` in the checkout. */
  readonly dataFolder?: string
  /** Ports that the caller will use itself: those that are taken are told together with the servers' own. */
  readonly alsoNeeded?: readonly PortName[]
  /** More ports for Kafka in local mode, each of which sends its clients to another one, where a proxy may listen. */
  readonly kafkaListeners?: readonly KafkaListener[]
  readonly environment?: NodeJS.ProcessEnv
  readonly progress?: Progress
  /** A server that was started here has ended, and nobody asked for it. */
  readonly onDeath?: (name: string, how: string) => void
  /** Stops a start that is under way; it then rejects with the signal's reason, and nothing is left running. */
  readonly signal?: AbortSignal
}

/**
 * Brings up what the services need and resolves when all of it answers. It takes the addresses that the
 * environment gives, else the servers that `npm run up` left running, else the first of docker, local and
 * embedded that can run. Throws a `Problem` that says what to do, and then leaves nothing running.
 */
export async function startInfrastructure(options: StartOptions = {}): Promise<Infrastructure> {
  const start = await settle(options)
  if (start.mode === 'embedded') return nothingStarted({ mode: 'embedded', why: 'it was asked for' }, start)
  const missing = await checkGiven(start.given, start.environment, options.signal)
  if (start.parts.every((part) => part === 'jaeger')) return allGiven(start, missing)
  const running = await usableSet(start.dataFolder, options.signal)
  if (running) return alreadyUp(running, start)
  const choice = await choose(options.mode, probes(start), givenParts(start.given).length > 0)
  switch (choice.mode) {
    case 'embedded':
      return nothingStarted(choice, start)
    case 'docker':
      return startDocker(start, choice.why, missing)
    case 'local':
      return startLocal(start, choice.why, missing)
  }
}

async function settle(options: StartOptions): Promise<Start> {
  const environment = options.environment ?? process.env
  const given = givenAddresses(environment)
  const taken = givenParts(given)
  return {
    mode: options.mode,
    environment,
    given,
    parts: (options.parts ?? parts).filter((part) => !taken.includes(part)),
    ports: await withFreePorts(options.ports ?? portsFrom(environment)),
    alsoNeeded: options.alsoNeeded ?? [],
    kafkaListeners: options.kafkaListeners ?? [],
    shortLived: options.shortLived ?? false,
    onDeath: options.onDeath ?? (() => {}),
    dataFolder: options.dataFolder ?? dataFolderFrom(environment),
    cache: cacheFolder(environment),
    progress: options.progress ?? 'show',
    signal: options.signal,
  }
}

function probes({ environment, parts, cache }: Start) {
  return { docker: () => probeDocker(environment), local: () => lacksForLocal(parts, cache, environment) }
}

const startedNothing = { processes: [], stop: async () => {}, keep: async () => {} }

async function nothingStarted(
  { mode, why, missing = [] }: Pick<Choice, 'mode' | 'why'> & { missing?: readonly Missing[] },
  { ports, alsoNeeded }: Start,
): Promise<Infrastructure> {
  await refuseBusyPorts(ports, alsoNeeded)
  return { mode, why, servers: [], environment: {}, missing, ...startedNothing }
}

async function allGiven(
  { given, ports, alsoNeeded }: Start,
  missing: readonly Missing[],
): Promise<Infrastructure> {
  await refuseBusyPorts(ports, alsoNeeded)
  const why = 'the environment gives every address'
  return {
    mode: 'environment',
    why,
    servers: givenServers(given),
    environment: given,
    missing,
    ...startedNothing,
  }
}

async function alreadyUp(
  set: RunningSet,
  { given, mode, dataFolder, ports, alsoNeeded }: Start,
): Promise<Infrastructure> {
  if (mode && mode !== set.mode)
    throw new Problem(`The servers run in ${set.mode} mode, not in ${mode} mode.`, {
      why: `\`npm run up\` left them running on ${dataFolder}`,
      fix: 'npm run down',
    })
  await refuseBusyPorts(ports, alsoNeeded)
  const why = `\`npm run up\` left the servers running; ${set.why}`
  return { ...set, why, environment: { ...set.environment, ...given }, ...startedNothing }
}

async function startDocker(start: Start, why: string, missing: readonly Missing[]): Promise<Infrastructure> {
  const { parts, ports, alsoNeeded, dataFolder } = start
  await refuseBusyPorts(ports, [...dockerPorts(parts), ...alsoNeeded])
  const plans = [dockerPlan({ parts, ports, dataFolder })]
  return bringUp(start, { mode: 'docker', why, missing, plans, servers: dockerServers(parts, ports) })
}

async function startLocal(start: Start, why: string, missing: readonly Missing[]): Promise<Infrastructure> {
  const { parts, cache, ports, kafkaListeners, shortLived, dataFolder, environment, progress, signal } = start
  const set = dataSetIn(dataFolder, dataParts(parts))
  const engine = chooseEngine(cache, environment, set?.engine)
  if (!engine) throw new Error('lacksForLocal lets no start through without a store')
  const context = { parts, cache, ports, kafkaListeners, shortLived, dataFolder, engine, environment }
  await refuseBusyPorts(ports, [...localPorts(context), ...start.alsoNeeded])
  try {
    await runSteps(downloads(context), progress, signal)
  } catch (error) {
    if (start.mode || signal?.aborted || !(error instanceof Problem)) throw error
    const lacks = { what: `${error.message} ${error.why}`, blocks: 'real servers', command: error.fix }
    const why = 'the servers could not be downloaded'
    return nothingStarted(embedded(why, [lacks], givenParts(start.given).length > 0), start)
  }
  if (!set) createDataSet(dataFolder, { parts: dataParts(parts), engine })
  const lacks = [...missing, ...lacksInCache(parts, cache)]
  return bringUp(start, { mode: 'local', why, missing: lacks, plans: localPlans(context) })
}
