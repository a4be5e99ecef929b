import type { Standing } from './progress.ts'

/** How a state stands, in words. */
export const standings: Readonly<Record<Standing, string>> = {
  current: 'now',
  visited: 'was here',
  next: 'may come next',
  possible: 'may come later',
  closed: 'cannot come any more',
}
