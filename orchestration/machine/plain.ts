/**
 * A deep copy that JSON can carry: plain objects, arrays, strings, finite numbers, booleans, null; `undefined` fields are left out.
 * Anything else (a Date, a Map, a function, NaN) would come back from the store as something different, so it is refused
 * by its path. Copying also makes sure that a hot instance and one read back from the store are the same thing.
 */
export function plain<T>(value: T, path: string): T {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value)) return value.map((item, i) => plain(item ?? null, `${path}[${i}]`)) as T
  if (typeof value === 'object' && isPlainObject(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return Object.fromEntries(fields.map(([key, field]) => [key, plain(field, `${path}.${key}`)])) as T
  }
  throw new TypeError(`${path} is ${describe(value)}, which does not survive a restart: use JSON values`)
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function describe(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'non-plain object'}`
  return typeof value === 'number' ? String(value) : `of type ${typeof value}`
}
