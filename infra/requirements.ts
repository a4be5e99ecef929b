import { isCached } from './cache.ts'
import type { Part } from './given.ts'
import type { Missing } from './infrastructure.ts'
import { findJava, JAVA_NEEDED } from './java.ts'
import { kafkaEntry } from './kafka.ts'
import { findMaven } from './maven.ts'
import { registryEntry } from './registry.ts'
import { availableEngines } from './store.ts'

/** What `local` mode lacks on this machine to run `parts`: nothing when the list is empty. */
export function lacksForLocal(
  parts: readonly Part[],
  cache: string,
  environment: NodeJS.ProcessEnv,
): Missing[] {
  if (process.platform === 'win32') return [WINDOWS]
  const missing: Missing[] = []
  const jvmParts = parts.filter((part) => part === 'kafka' || part === 'registry')
  if (jvmParts.length > 0 && !findJava(environment).java) missing.push(noJava(environment))
  const entries = { kafka: kafkaEntry(cache), registry: registryEntry(cache) }
  if (jvmParts.some((part) => !isCached(entries[part])) && !findMaven(environment)) missing.push(NO_MAVEN)
  if (parts.includes('store') && availableEngines(cache, environment).length === 0) missing.push(NO_STORE)
  return missing
}

function noJava(environment: NodeJS.ProcessEnv): Missing {
  const { newest } = findJava(environment)
  return {
    what: `Java ${JAVA_NEEDED} or newer (${newest ? `${newest.command} is ${newest.version}` : 'no Java was found'})`,
    blocks: 'Kafka and the schema registry as local processes',
    command: 'install it (Debian: sudo apt install openjdk-21-jre-headless) or set JAVA_HOME',
  }
}

const NO_MAVEN: Missing = {
  what: 'Maven (mvn on PATH)',
  blocks: 'fetching Kafka and the schema registry, once',
  command: 'install it (Debian: sudo apt install maven)',
}

const NO_STORE: Missing = {
  what: 'a MongoDB server, or Python 3.10 or newer with venv',
  blocks: 'the store as a local process',
  command: 'install one (Debian: sudo apt install python3-venv), or set MONGODB_URI',
}

const WINDOWS: Missing = {
  what: 'Linux or macOS',
  blocks: 'servers as local processes',
  command: 'start Docker Desktop, or work in WSL',
}
