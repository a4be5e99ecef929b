import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { onPath } from './path.ts'
import type { Ports } from './ports.ts'

/** The oldest Java that runs both servers: Apicurio is compiled for 21, Kafka would do with 17. */
export const JAVA_NEEDED = 21

/** A Java installation: the path of `java` and its major version. */
export interface Java {
  readonly command: string
  readonly version: number
}

/** What a server that runs on Java needs to be started: `home` is its place in the cache, `folder` its data. */
export interface JvmServer {
  readonly home: string
  readonly java: Java
  readonly ports: Ports
  readonly folder: string
}

/**
 * Makes a JVM keep its loaded classes beside the jars when it first ends, and start from them later, which saves
 * a third of the start. One archive per Java version; a JVM passes over an archive that does not fit.
 */
export function classArchive(home: string, java: Java): string[] {
  const file = join(home, `java-${java.version}.jsa`)
  return ['-XX:+AutoCreateSharedArchive', `-XX:SharedArchiveFile=${file}`, '-Xlog:cds=error']
}

/**
 * The first Java that is new enough, in JAVA_HOME, on PATH and in the usual folders; `newest` is the best that
 * was found when none is.
 */
export function findJava(environment: NodeJS.ProcessEnv): { java?: Java; newest?: Java } {
  const found = homes(environment).flatMap((home) => javaIn(home) ?? [])
  const java = found.find(({ version }) => version >= JAVA_NEEDED)
  const newest = found.toSorted((a, b) => b.version - a.version)[0]
  return { ...(java && { java }), ...(newest && { newest }) }
}

function homes(environment: NodeJS.ProcessEnv): string[] {
  const onThePath = onPath('java', environment)
  return [
    ...(environment.JAVA_HOME ? [environment.JAVA_HOME] : []),
    ...(onThePath ? [dirname(dirname(realpathSync(onThePath)))] : []),
    ...[
      '/usr/lib/jvm',
      '/opt/java',
      join(homedir(), '.sdkman/candidates/java'),
      join(homedir(), '.jdks'),
    ].flatMap(foldersIn),
    ...foldersIn('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents/Home')),
    '/opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home',
  ]
}

function foldersIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
}

/** Read from the `release` file that every Java carries: starting `java -version` takes far longer. */
function javaIn(home: string): Java | undefined {
  const command = join(home, 'bin', process.platform === 'win32' ? 'java.exe' : 'java')
  const release = join(home, 'release')
  if (!existsSync(command) || !existsSync(release)) return undefined
  const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(readFileSync(release, 'utf8'))?.[1]
  return version ? { command, version: Number(version) } : undefined
}
