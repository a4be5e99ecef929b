import { z } from 'zod'
import { faultKinds } from './fault-kinds.ts'

const faultKindNames = Object.keys(faultKinds) as [keyof typeof faultKinds]

const plannedFault = z.strictObject({
  /** Seconds after the first order. */
  at: z.number().min(0),
  kind: z.enum(faultKindNames),
  /** Whom it hits: see `fault-kinds.ts`. */
  target: z.string().min(1),
  /** Seconds until it is undone. */
  for: z.number().positive(),
  /** How much, where the kind has a measure: milliseconds, bytes or records. */
  by: z.int().optional(),
})

const schedule = z.strictObject({
  /** Chooses which orders are placed, and what the faults leave to chance. */
  seed: z.int(),
  orders: z.int().positive(),
  /** Orders per second. */
  rate: z.number().positive(),
  faults: z.array(plannedFault),
})

export type FaultKind = keyof typeof faultKinds
export type PlannedFault = z.infer<typeof plannedFault>

/** A whole run: the same schedule gives the same orders and the same faults. */
export type Schedule = z.infer<typeof schedule>

const targetsOf = (kind: FaultKind): readonly string[] => faultKinds[kind].targets

/** Reads a schedule from JSON. Throws an error that names every wrong field, and every target that its kind cannot hit. */
export function readSchedule(text: string): Schedule {
  const parsed = schedule.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`The schedule is wrong:\n${z.prettifyError(parsed.error)}`)
  const lost = parsed.data.faults.filter(({ kind, target }) => !targetsOf(kind).includes(target))
  if (lost.length === 0) return parsed.data
  const told = lost.map(
    ({ kind, target }) => `- ${kind} cannot hit "${target}": one of ${targetsOf(kind).join(', ')}`,
  )
  throw new Error(`The schedule is wrong:\n${told.join('\n')}`)
}

/** One line per fault, so that it can be read and compared. */
export function writeSchedule({ seed, orders, rate, faults }: Schedule): string {
  const lines = faults.map((fault) => `    ${JSON.stringify(fault)}`).join(',\n')
  return `{\n  "seed": ${seed},\n  "orders": ${orders},\n  "rate": ${rate},\n  "faults": [\n${lines}\n  ]\n}\n`
}
