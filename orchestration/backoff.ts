import type { Retry } from './effects/effect.ts'

/** Milliseconds to wait after this many earlier failures: doubled each time up to `max`, half of it jittered so that retries spread. */
export function backoff(
  failures: number,
  { initial = 200, max = 10_000 }: Retry,
  random: () => number = Math.random,
): number {
  const full = Math.min(max, initial * 2 ** failures)
  return full / 2 + (full / 2) * random()
}
