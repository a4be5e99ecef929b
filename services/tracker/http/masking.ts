import { type Contracts, maskPersonal, personalFields } from '#messaging'

/** What may be shown of payloads: what a contract marks as personal becomes `•••`. */
export type Masking = {
  /** Of an event; of a type without a contract, `null`. */
  event(type: string, data: unknown): unknown
  /** Of anything that events were copied into, such as a machine's context: by the names of the fields, at any depth. */
  anything(value: unknown): unknown
  /** Whether the last field of this path, such as `order.shipTo.city`, is personal by its name. */
  isPersonal(path: string): boolean
}

const mask = '•••'

export function masking(contracts: Contracts): Masking {
  const names = new Set(
    Object.values(contracts.events)
      .flatMap(({ schema }) => personalFields(schema))
      .map((path) => path.split('.').at(-1)),
  )

  function anything(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(anything)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, below]) => [name, names.has(name) ? mask : anything(below)]),
    )
  }

  return {
    event(type, data) {
      const { schema } = contracts.events[type] ?? {}
      return schema ? maskPersonal(schema, data) : null
    },
    anything,
    isPersonal: (path) => path.split(/[.[\]]+/).some((name) => names.has(name)),
  }
}
