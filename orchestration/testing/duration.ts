const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Milliseconds, or a number with its unit: `'500ms'`, `'30s'`, `'5m'`, `'2h'`, `'7d'`. */
export type Duration = number | `${number}${keyof typeof units}`

/** Throws for what is no duration. */
export function milliseconds(duration: Duration): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(String(duration)) ?? []
  const ms = typeof duration === 'number' ? duration : Number(count) * units[unit as keyof typeof units]
  if (Number.isFinite(ms) && ms >= 0) return ms
  throw new Error(`"${duration}" is no duration: write milliseconds, or '500ms', '30s', '5m', '2h', '7d'`)
}
