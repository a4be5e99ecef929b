import type { Topology } from '../../../services/tracker/api.ts'

export type Edge = Topology['edges'][number]

/** Services that say on the left, topics in the middle, services that hear on the right; and who stands where. */
export type Columns = {
  readonly sayers: readonly string[]
  readonly topics: readonly string[]
  readonly hearers: readonly string[]
  readonly edges: readonly (Edge & { readonly says: boolean })[]
}

/** A service that says and hears stands on both sides, so that every line goes from left to right. */
export function columnsOf({ services, topics, edges }: Topology): Columns {
  const isService = new Set(services)
  const said = edges.filter(({ from }) => isService.has(from))
  const heard = edges.filter(({ to }) => isService.has(to))
  const used = topics.filter((topic) => edges.some(({ from, to }) => from === topic || to === topic))
  return {
    sayers: services.filter((service) => said.some(({ from }) => from === service)),
    topics: byNeighbours(used, said, services),
    hearers: services.filter((service) => heard.some(({ to }) => to === service)),
    edges: [
      ...said.map((edge) => ({ ...edge, says: true })),
      ...heard.map((edge) => ({ ...edge, says: false })),
    ],
  }
}

/** Messages a minute along an edge, of all its events. */
export function rateOf({ events }: Edge): number {
  return events.reduce((sum, { perMinute }) => sum + perMinute, 0)
}

/** Topics stand beside those who speak in them, so that few lines cross. */
function byNeighbours(
  topics: readonly string[],
  said: readonly Edge[],
  services: readonly string[],
): string[] {
  const place = (topic: string) => {
    const places = said.filter(({ to }) => to === topic).map(({ from }) => services.indexOf(from))
    return places.length === 0 ? services.length : places.reduce((sum, at) => sum + at, 0) / places.length
  }
  return topics.toSorted((a, b) => place(a) - place(b))
}
