import type { SeedAnswer, SeedTask } from './worker.ts'

/** What many seeds have shown, added up. */
export type Tally = {
  seeds: number
  sagas: number
  steps: number
  tasks: number
  /** Milliseconds of virtual time. */
  time: number
  readonly faults: Map<string, number>
  readonly edges: Map<string, number>
  /** Seeds that have failed, and what was wrong first. */
  readonly failed: { readonly task: SeedTask; readonly says: readonly string[] }[]
}

export function emptyTally(): Tally {
  return { seeds: 0, sagas: 0, steps: 0, tasks: 0, time: 0, faults: new Map(), edges: new Map(), failed: [] }
}

export function count(tally: Tally, answer: SeedAnswer): void {
  tally.seeds++
  if ('failure' in answer) {
    tally.failed.push({ task: answer.task, says: [`the simulation itself failed: ${answer.failure}`] })
    return
  }
  const { seed, sagas, steps, tasks, time, faults, edges, violations } = answer.result
  tally.sagas += sagas
  tally.steps += steps
  tally.tasks += tasks
  tally.time += time
  addAll(tally.faults, faults)
  addAll(tally.edges, edges)
  if (violations.length > 0) tally.failed.push({ task: { seed, sagas }, says: violations })
}

function addAll(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count)
}

/** The command that plays a seed again. */
export function commandOf({ seed, sagas }: SeedTask): string {
  return `npm run simulate -- --seed ${seed} --sagas ${sagas}`
}

const violationsTold = 5

export function failureLines({ task, says }: Tally['failed'][number]): string[] {
  const more = says.length - violationsTold
  return [
    `✗ seed ${task.seed}, ${task.sagas} sagas`,
    ...says.slice(0, violationsTold).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    `    again: ${commandOf(task)}`,
  ]
}

/** `took`: milliseconds of real time. */
export function reportLines(tally: Tally, took: number): string[] {
  const perSecond = (number: number) => told((number / took) * 1_000)
  const faults = [...tally.faults].sort(([, a], [, b]) => b - a)
  const all = [...tally.edges.values()]
  const never = [...tally.edges].flatMap(([edge, times]) => (times === 0 ? [edge] : []))
  return [
    `${told(tally.seeds)} seeds, ${told(tally.sagas)} sagas, ${told(tally.steps)} steps, ${told(tally.tasks)} tasks: ${told(tally.time / 3_600_000)} hours in ${(took / 1_000).toFixed(1)} s`,
    `${perSecond(tally.sagas)} sagas/s, ${perSecond(tally.steps)} steps/s, ${perSecond(tally.tasks)} tasks/s`,
    `Faults: ${faults.map(([kind, times]) => `${kind} ${told(times)}`).join(' · ')}`,
    `Transitions of the machines: ${all.length - never.length} of ${all.length} taken`,
    ...never.map((edge) => `    never: ${edge}`),
    tally.failed.length === 0
      ? 'Every invariant holds.'
      : `${tally.failed.length} seeds have failed: ${tally.failed.map(({ task }) => task.seed).join(', ')}`,
  ]
}

function told(number: number): string {
  return Math.round(number).toLocaleString('en')
}
