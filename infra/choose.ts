import type { DockerProbe } from './docker.ts'
import type { AskableMode, Missing } from './infrastructure.ts'
import { Problem } from './problem.ts'

/** A mode that starts something or nothing, and one sentence why. */
export interface Choice {
  readonly mode: AskableMode
  readonly why: string
  readonly missing: readonly Missing[]
}

/** What the choice depends on. Each is looked at only when the choice comes to it. */
export interface Probes {
  docker(): Promise<DockerProbe>
  /** What `local` mode lacks. */
  local(): readonly Missing[]
}

/**
 * The mode that was asked for, or the first of docker, local and embedded that can run. Throws a `Problem` when
 * the one that was asked for cannot, or when embedded is all that is left though addresses were given
 * (`hasGiven`): an embedded broker beside a given database would mislead.
 */
export async function choose(
  asked: AskableMode | undefined,
  probes: Probes,
  hasGiven = false,
): Promise<Choice> {
  if (asked === 'embedded') return { mode: 'embedded', why: 'it was asked for', missing: [] }
  if (asked === 'docker') {
    const docker = await probes.docker()
    if (!docker.answers) throw noDocker(docker)
    return { mode: 'docker', why: `it was asked for, and ${docker.why}`, missing: [] }
  }
  if (asked === 'local') {
    const lacks = probes.local()
    if (lacks.length > 0) throw noLocal('Local servers cannot run here.', lacks)
    return { mode: 'local', why: 'it was asked for', missing: [] }
  }
  const docker = await probes.docker()
  if (docker.answers) return { mode: 'docker', why: docker.why, missing: [] }
  const lacks = probes.local()
  if (lacks.length === 0) return { mode: 'local', why: docker.why, missing: [] }
  return embedded(
    `${docker.why}, and local servers lack ${lacks.map(({ what }) => what).join(' and ')}`,
    lacks,
    hasGiven,
  )
}

/** Embedded because the real servers cannot be had. */
export function embedded(why: string, missing: readonly Missing[], hasGiven: boolean): Choice {
  if (hasGiven) throw noLocal('Only some of the servers can be had.', missing)
  return { mode: 'embedded', why, missing }
}

function noDocker({ why }: DockerProbe): Problem {
  return new Problem('Docker cannot be used.', {
    why,
    fix: 'start Docker Desktop, or: sudo systemctl start docker',
    or: 'npm start -- --infra local   (needs no Docker)',
  })
}

function noLocal(what: string, lacks: readonly Missing[]): Problem {
  return new Problem(what, {
    why: lacks.map((lack) => `${lack.what} is missing, which blocks ${lack.blocks}`).join('\n'),
    fix: lacks.map(({ command }) => command).join('; '),
    or: 'npm start -- --infra embedded   (everything in one process, nothing outlives it)',
  })
}
