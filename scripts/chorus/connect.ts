import { contracts } from '#contracts'
import { TerminalError } from '#messaging'
import { createLogger } from '#observability'
import { connectInfrastructure, type Environment, type Infrastructure } from '#orchestration'
import { dataFolderFrom } from '../../infra/data.ts'
import { Problem } from '../../infra/problem.ts'
import { aliveProcesses, readRunning } from '../../infra/state.ts'

const needed = ['KAFKA_BOOTSTRAP_SERVERS', 'SCHEMA_REGISTRY_URL', 'MONGODB_URI'] as const

/** Connects as a service does. Throws a `Problem` when there are no servers, or they do not answer. */
export async function connectServers(environment: NodeJS.ProcessEnv): Promise<Infrastructure> {
  const addresses = withAddresses(environment)
  const log = createLogger({ service: 'chorus', level: 'silent' })
  try {
    return await connectInfrastructure(contracts, { environment: addresses, log })
  } catch (error) {
    throw new Problem('The servers cannot be used.', {
      why: error instanceof Error ? error.message : String(error),
      fix: isUnpublished(error) ? 'npm run contracts:publish   (npm start does it too)' : 'npm run doctor',
      or: `point ${needed.join(', ')} to servers that run`,
      cause: error,
    })
  }
}

function isUnpublished(error: unknown): boolean {
  return error instanceof TerminalError && error.code === 'CHORUS_UNPUBLISHED_SCHEMA'
}

/**
 * The environment with the addresses of the servers: what it gives wins, then what `npm start` or `npm run up` have running on the
 * data folder. Throws a `Problem` when one is still missing.
 */
export function withAddresses(environment: NodeJS.ProcessEnv): Environment {
  const missing = needed.filter((name) => !environment[name])
  if (missing.length === 0) return environment
  const folder = dataFolderFrom(environment)
  const set = readRunning(folder)
  const isAlive = set !== undefined && aliveProcesses(set).length > 0
  const known: Environment = isAlive ? { ...set.environment } : {}
  const lacking = missing.filter((name) => !known[name])
  if (lacking.length === 0) return { ...known, ...given(environment) }
  throw new Problem('There are no servers to talk to.', {
    why: `${lacking.join(', ')} ${lacking.length === 1 ? 'is' : 'are'} not set, and no servers of \`npm start\` or \`npm run up\` run on ${folder}`,
    fix: 'npm start   (or npm run up, for the servers alone)',
    or: `${needed.join('=… ')}=… ./chorus …`,
  })
}

/** An address that is set to nothing is not given. */
function given(environment: NodeJS.ProcessEnv): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value))
}
