import type { Check, Evidence } from './evidence.ts'
import { names } from './parts.ts'
import { outcomeIn } from './scene.ts'

/** The run was not vacuous: every planned fault came, every path was taken, and everything that is judged was there to be judged. */
export const coverage: Check = (evidence) =>
  [...missingFaults(evidence), ...missingPaths(evidence), ...missingEvidence(evidence)].map((says) => ({
    invariant: 'I12',
    says,
  }))

function missingFaults({ run: { faults, withKills } }: Evidence): string[] {
  const deaths = faults.filter(({ kind, firedAt }) => kind.includes('kill') && firedAt !== null)
  return [
    ...faults
      .filter(({ firedAt }) => firedAt === null)
      .map(({ kind, target }) => `the fault "${kind}" of ${target} never came`),
    ...(withKills && deaths.length === 0 ? ['it was to be a run with kills, and nobody was killed'] : []),
  ]
}

function missingPaths(evidence: Evidence): string[] {
  const { paths, orders } = evidence.run
  const taken = new Set(orders.map(({ path, orderId }) => `${path} ${outcomeIn(evidence, orderId)}`))
  return paths
    .filter(({ name, ending }) => !taken.has(`${name} ${ending}`))
    .map(({ name, ending }) => `no order took the path "${name}" to its ending, ${ending}`)
}

function missingEvidence({ run, records, journals, stories, ledger }: Evidence): string[] {
  const { spans, replay } = run
  const found = [
    ['records', records.length],
    ...(stories ? [['stories', stories.length] as const] : []),
    ['entries of the ledger', ledger.length],
    ...names.map((name) => [`rows of ${name}`, journals[name].rows.length] as const),
    ...(spans ? [['spans', spans.length] as const] : []),
  ] as const
  return [
    ...found.filter(([, count]) => count === 0).map(([what]) => `there are no ${what}`),
    ...(replay === null ? ['nothing was replayed'] : []),
    ...(replay?.records === 0 ? ['the replay had no record'] : []),
  ]
}
