import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult } from '../run.ts'
import { writeSchedule } from '../schedule.ts'
import { aboutThis } from './about.ts'
import { type Figures, figuresOf } from './figures.ts'
import { page } from './page.ts'
import { type Recovery, recoveriesOf } from './recovery.ts'

export type Written = { readonly figures: Figures; readonly recoveries: readonly Recovery[] }

/** Writes `report.html` for people, `report.json` for programs and `schedule.json` to run it again. */
export function writeReport(run: RunResult, folder: string, command: string): Written {
  const figures = figuresOf(run)
  const recoveries = recoveriesOf(run, figures)
  const about = aboutThis(command, run.servers)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.html'), page({ run, figures, recoveries, about }))
  writeFileSync(join(folder, 'schedule.json'), writeSchedule(run.schedule))
  const { purchases, ended, ...told } = run
  const orders = purchases.map(({ path, askedAt, accepted, answers }) => ({
    path: path.name,
    askedAt,
    ...(accepted && { ...accepted, endedAt: ended.get(accepted.orderId) ?? null }),
    answers,
  }))
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ about, figures, recoveries, ...told, orders }))
  return { figures, recoveries }
}
