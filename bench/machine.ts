import { cpus, release, totalmem } from 'node:os'

/** What the figures were measured on. */
export type Machine = {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly kernel: string
  readonly node: string
}

export function machine(): Machine {
  const cores = cpus()
  return {
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryBytes: totalmem(),
    // Without the name that whoever built it gave it.
    kernel: release().split('-')[0] ?? '',
    node: process.version,
  }
}
