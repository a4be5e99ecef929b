/** One place where two JSON values differ; a field that is missing is `undefined`. */
export type Difference = { readonly path: string; readonly expected: unknown; readonly found: unknown }

/** Every place where two JSON values differ. A field that is `undefined` is not there; lists of different lengths differ as a whole. */
export function differences(expected: unknown, found: unknown, path = ''): Difference[] {
  if (Object.is(expected, found)) return []
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length)
    return expected.flatMap((item, i) => differences(item, found[i], `${path}[${i}]`))
  if (isRecord(expected) && isRecord(found)) {
    const fields = new Set([...Object.keys(expected), ...Object.keys(found)])
    const below = (field: string) => (path === '' ? field : `${path}.${field}`)
    return [...fields].flatMap((field) => differences(expected[field], found[field], below(field)))
  }
  return [{ path, expected, found }]
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
