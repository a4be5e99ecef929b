import type { Infrastructure } from './infrastructure.ts'

/** What runs, why, and what is missing, in plain lines for a terminal. */
export function describeInfrastructure({ mode, why, servers, missing }: Infrastructure): string {
  const width = Math.max(0, ...servers.map(({ name, version }) => name.length + version.length + 1))
  const rows = servers.map(
    ({ name, version, address }) => `  ${`${name} ${version}`.padEnd(width)}  ${address}`,
  )
  const absent = missing.map(({ what, blocks, command }) => `  without ${what}: ${blocks}\n    ${command}`)
  return [`Infrastructure: ${mode} (${why})`, ...rows, ...absent].join('\n')
}
