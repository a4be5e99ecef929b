import { cpus, release, totalmem, type } from 'node:os'

/** Where and how a run was made, so that its figures can be compared with others. */
export type About = {
  /** What to type for the same run again. */
  readonly command: string
  readonly machine: string
  readonly versions: readonly string[]
  readonly made: string
}

export function aboutThis(command: string, servers: readonly string[]): About {
  const gib = (totalmem() / 2 ** 30).toFixed(0)
  return {
    command,
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${gib} GiB, ${type()} ${release()}`,
    versions: [`Node ${process.versions.node}`, ...servers],
    made: new Date().toISOString(),
  }
}
