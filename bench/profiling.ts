import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '#orchestration'
import type { Measured } from './measure.ts'
import { byPackage, type CpuProfile, type FunctionTime, selfTimes, totalTimes } from './profile.ts'
import type { CountedService } from './stage/counters.ts'

const functionsTold = 40
const packagesTold = 20

/** Settings with which these services write a profile when they stop. */
export function profiled(
  services: readonly CountedService[],
  folder: string,
): Readonly<Partial<Record<CountedService, Environment>>> {
  return Object.fromEntries(
    services.map((service) => [
      service,
      { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folderOf(service, folder)}` },
    ]),
  )
}

/** What each service, one of its instances, spent the last load's window on. */
export function profileTables(
  services: readonly CountedService[],
  folder: string,
  loads: readonly Measured[],
): string[] {
  const load = loads.at(-1)
  if (!load) return []
  return services.flatMap((service) => {
    const file = readdirSync(folderOf(service, folder)).find((name) => name.endsWith('.cpuprofile'))
    if (!file) throw new Error(`${service} has left no profile`)
    const profile = JSON.parse(readFileSync(join(folderOf(service, folder), file), 'utf8')) as CpuProfile
    return ['', `${service} at ${load.name}:`, ...profileLines(profile, load)]
  })
}

function profileLines(profile: CpuProfile, { window, orders }: Measured): string[] {
  const self = selfTimes(profile, window)
  const ours = totalTimes(profile, window).filter(({ place }) => isOurs(place))
  const line = ({ name, place, ms, part }: FunctionTime) =>
    `${percent(part).padStart(8)} ${((1_000 * ms) / orders).toFixed(0).padStart(6)} µs per order  ${name}  ${place}`
  return [
    byPackage(self)
      .slice(0, packagesTold)
      .map(({ name, part }) => `${name} ${percent(part)}`)
      .join(', '),
    'by themselves:',
    ...self.slice(0, functionsTold).map(line),
    'of ours, with what they call:',
    ...ours.slice(0, functionsTold).map(line),
  ]
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}

function isOurs(place: string): boolean {
  return /^(messaging|orchestration|observability|services)\//.test(place)
}

const folderOf = (service: CountedService, folder: string) => join(folder, 'profiles', service)
