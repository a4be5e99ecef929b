import { type Contracts, personalFields } from '#messaging'

/** The ids in the payload of an event by which a person may look for its saga. */
export type BusinessIds = (type: string, data: unknown) => readonly string[]

/**
 * The values of all fields whose name ends in `Id`, however deep, unless the contract marks the field as personal. Of a type
 * without a contract nothing is known, so nothing is taken.
 */
export function businessIds(contracts: Contracts): BusinessIds {
  const personalOf = new Map<string, ReadonlySet<string>>()

  function personal(type: string): ReadonlySet<string> | undefined {
    const { schema } = contracts.events[type] ?? {}
    if (!schema) return undefined
    const known = personalOf.get(type) ?? new Set(personalFields(schema))
    personalOf.set(type, known)
    return known
  }

  return (type, data) => {
    const hidden = personal(type)
    return hidden ? [...idsIn(data, '', hidden)] : []
  }
}

function* idsIn(value: unknown, path: string, hidden: ReadonlySet<string>): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, below] of Object.entries(value)) {
    // The places of a list have no name of their own in a contract.
    const at = Array.isArray(value) ? path : path === '' ? name : `${path}.${name}`
    if (hidden.has(at)) continue
    if (typeof below === 'string' && name.endsWith('Id')) yield below
    else yield* idsIn(below, at, hidden)
  }
}
