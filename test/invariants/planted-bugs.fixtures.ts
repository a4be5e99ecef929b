import type { PlantedBug } from './bugs.fixtures.ts'
import { checkInvariants, type Violation } from './index.ts'
import { smallRun } from './small-run.fixtures.ts'

/** What the invariants found in a run with this bug. */
export type Found = { readonly bug: PlantedBug; readonly violations: readonly Violation[] }

export async function findBug(bug: PlantedBug): Promise<Found> {
  return { bug, violations: checkInvariants(await smallRun(bug.plant())) }
}

export function isCaught({ bug, violations }: Found): boolean {
  return violations.some(({ invariant }) => invariant === bug.caughtBy)
}

/** A bug, the invariants that found it, and what the one that is meant for it says first. */
export function line(found: Found): string {
  const { bug, violations } = found
  const by = [...new Set(violations.map(({ invariant }) => invariant))].join(' ') || 'nobody'
  const first = violations.find(({ invariant }) => invariant === bug.caughtBy)
  const about = first?.sagaId === undefined ? '' : `${first.sagaId}: `
  return [
    `${isCaught(found) ? '✓' : '✗'} ${bug.name}`,
    `    found by ${by}`,
    ...(first ? [`    ${bug.caughtBy}: ${about}${first.says}`] : []),
  ].join('\n')
}
