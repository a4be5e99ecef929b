import type { Retry } from './effects/effect.ts'

/** At least 0, below 1: where retries take their jitter from, so that they spread. */
export type Jitter = () => number

/** Milliseconds to wait after this many earlier failures: doubled each time up to `max`, half of it jittered so that retries spread. */
export function backoff(
  failures: number,
  { initial = 200, max = 10_000 }: Retry,
  random: Jitter = Math.random,
): number {
  const full = Math.min(max, initial * 2 ** failures)
  return full / 2 + (full / 2) * random()
}
