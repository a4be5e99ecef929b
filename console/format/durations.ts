const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** A duration in ms in its largest unit, with one decimal only below ten seconds: `340 ms`, `4.2 s`, `14 min`, `3 d`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`
  for (const [unit, size] of units) if (ms >= size) return `${Math.floor(ms / size)} ${unit}`
  return `${ms} ms`
}

/** How far a moment is from now: `4 min ago`, `in 20 s`, `now`. */
export function distance(at: number, now: number): string {
  const away = Math.abs(at - now)
  if (away < 1_000) return 'now'
  const whole = duration(away < 9_950 ? Math.round(away / 1_000) * 1_000 : away).replace('.0', '')
  return at < now ? `${whole} ago` : `in ${whole}`
}

export type Clock = 'relative' | 'utc' | 'local'

/** A moment as the chosen clock says it; the day only when it is another one than now's. */
export function moment(iso: string, clock: Clock, now: number): string {
  const at = new Date(iso)
  if (clock === 'relative') return distance(at.getTime(), now)
  const [day, time] = clock === 'utc' ? utc(at) : local(at)
  const [today] = clock === 'utc' ? utc(new Date(now)) : local(new Date(now))
  return day === today ? time : `${day} ${time}`
}

/** A moment in full, in UTC: for tooltips. */
export function absolute(iso: string): string {
  return new Date(iso).toISOString().replace('T', ' ').replace('Z', ' UTC')
}

function utc(at: Date): readonly [day: string, time: string] {
  const text = at.toISOString()
  return [text.slice(0, 10), text.slice(11, 19)]
}

function local(at: Date): readonly [day: string, time: string] {
  return [at.toLocaleDateString('sv-SE'), at.toLocaleTimeString('sv-SE')]
}
