type Fields = Readonly<Record<string, unknown>>

/** The first field in which two objects differ as JSON: a field that is `undefined` is not there. */
export function differentField(is: Fields, should: Fields): string | undefined {
  return [...new Set([...Object.keys(is), ...Object.keys(should)])].find(
    (field) => !isSame(is[field], should[field]),
  )
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false
  return differentField(a, b) === undefined
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
