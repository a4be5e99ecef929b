import type { Stage } from './stage.ts'

/** A process that takes part in a run. */
export type Watched = {
  readonly name: string
  readonly pid: number
  /** Participants, broker and store are what an order costs; who looks on, plays the companies outside, or makes the load is told beside. */
  readonly isCost: boolean
  /** It serves each connection with a process of its own, whose usage is its own. */
  readonly forks?: true
}

const costs: ReadonlySet<string> = new Set(['order', 'payment', 'shipping', 'kafka', 'store'])

/** All processes of a stage, and this one, which makes the load. Throws when one of them does not run. */
export function watchedOn({ servers, crew, traces }: Stage): Watched[] {
  const running = (name: string, pid: number | undefined, kind = name): Watched => {
    if (pid === undefined) throw new Error(`${name} does not run`)
    return { name, pid, isCost: costs.has(kind) }
  }
  return [
    ...crew.members.map(({ id, service, process }) => running(id, process.pid(), service)),
    ...servers.processes.filter(({ name }) => name !== 'jaeger').map(({ name, pid }) => running(name, pid())),
    ...(traces ? [running(traces.name, traces.pid)] : []),
    running('load', process.pid),
  ]
}
