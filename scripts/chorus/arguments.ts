import { InvalidArgumentError } from 'commander'

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s`, `10m`, `2h`, `7d` in milliseconds. */
export function duration(text: string): number {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const size = units[unit]
  if (count !== undefined && size !== undefined) return Number(count) * size
  throw new InvalidArgumentError(`Expected a whole number and s, m, h or d, e.g. 10m.`)
}

/** A time, or how long ago it was, in epoch milliseconds. */
export function since(now: () => number): (text: string) => number {
  return (text) => {
    if (/^\d+[smhd]$/.test(text)) return now() - duration(text)
    const time = Date.parse(text)
    if (!Number.isNaN(time)) return time
    throw new InvalidArgumentError('Expected a time such as 2026-11-30T12:00Z, or how long ago, e.g. 2h.')
  }
}

export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number above 0.')
}
