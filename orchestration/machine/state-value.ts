/** The names of the top-level states that a machine's state value is in: one, or several when the root is parallel. */
export function topLevelStates(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}
