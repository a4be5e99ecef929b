import type { Environment } from '#orchestration'
import type { Guard } from '../../infra/guard.ts'
import { type ServiceProcess, serviceProcess } from '../../scripts/shop/service-process.ts'
import { type ServiceName, serviceNames } from '../../scripts/shop/shop.ts'

/** An instance of a service. */
export type Member = { readonly id: string; readonly service: ServiceName; readonly process: ServiceProcess }

type Settings = Readonly<Partial<Record<ServiceName, Environment>>>

/** All services as processes. */
export type Crew = {
  readonly members: readonly Member[]
  /** Base URLs of a service's instances. */
  addresses(service: ServiceName): string[]
  /** `more` settings by service hold until the next start. */
  start(more?: Settings): Promise<void>
  /** Stops all but the sandbox, which has the ledger of the run in its memory, and starts them anew once `meanwhile` is done. */
  restart(more?: Settings, meanwhile?: () => Promise<void>): Promise<void>
  /** An orderly stop of all of them. */
  stop(): Promise<void>
}

export type CrewOptions = {
  readonly guard: Guard
  readonly environment: Environment
  readonly logs: string
  /** Of each participant. Of the others there is one. */
  readonly instances: number
  readonly withTracker: boolean
  readonly freePort: () => number
  readonly onDeath: (id: string, how: string) => void
}

const participants: readonly ServiceName[] = ['order', 'payment', 'shipping']

export function gatherCrew(options: CrewOptions): Crew {
  const { guard, environment, logs, freePort, onDeath } = options
  const roles = rolesFor(options).map((role) => ({ ...role, port: freePort() }))
  const sandboxPort = roles.find(({ service }) => service === 'sandbox')?.port
  const settings = { ...environment, SANDBOX_URL: `http://127.0.0.1:${sandboxPort}` }
  const members = roles.map(({ id, service, port }): Member => {
    const process = serviceProcess({ guard, name: service, id, port, environment: settings, logs })
    return { id, service, process }
  })
  let wanted = false

  async function start(chosen: readonly Member[], more: Settings): Promise<void> {
    wanted = true
    await Promise.all(
      chosen.map(async ({ id, service, process }) => {
        const { ended } = await process.start(more[service])
        void ended.then((how) => wanted && onDeath(id, how))
      }),
    )
  }

  async function end(...services: readonly ServiceName[]): Promise<void> {
    wanted = false
    const chosen = members.filter(({ service }) => services.includes(service))
    await Promise.all(chosen.map(({ process }) => process.end('SIGTERM')))
  }

  /** The API first, so that nothing new comes in. */
  async function endOwn(): Promise<void> {
    await end('order')
    await end('payment', 'shipping', 'tracker')
  }

  return {
    members,
    addresses: (service) =>
      members.filter((one) => one.service === service).map(({ process }) => process.address),
    start: (more = {}) => start(members, more),
    async restart(more = {}, meanwhile = async () => {}) {
      await endOwn()
      await meanwhile()
      const own = members.filter(({ service }) => service !== 'sandbox')
      await start(own, more)
    },
    async stop() {
      await endOwn()
      await end('sandbox')
    },
  }
}

function rolesFor({ instances, withTracker }: CrewOptions): { id: string; service: ServiceName }[] {
  return serviceNames
    .filter((service) => withTracker || service !== 'tracker')
    .flatMap((service) => {
      const count = participants.includes(service) ? instances : 1
      return Array.from({ length: count }, (_, index) => ({
        id: count === 1 ? service : `${service}-${index + 1}`,
        service,
      }))
    })
}
