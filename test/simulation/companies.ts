import { drawFaults, type Faults } from '#orchestration/simulation'
import { changeBehaviour, usualBehaviour } from '../../services/sandbox/behaviour.ts'
import type { Shop } from './shop.ts'

/** What may happen to each company in each second. */
const kinds = {
  /** It answers 503 for some seconds. */
  outage: { upTo: 0.1 },
  /** Every call takes longer, for some seconds. */
  'slow company': { upTo: 0.15 },
}

export type CompanyFaults = Faults<keyof typeof kinds>

const parties = ['payment', 'carrier'] as const
const longest = { outage: 8_000, latency: 4_000 }

/** Makes the payment provider and the carrier what companies are. With the faults' end they are well again. */
export function troubleCompanies({ world, sandbox }: Shop): CompanyFaults {
  const { scheduler } = world
  const random = world.random.fork('companies')
  const faults = drawFaults(kinds, random)
  const { outage, latencyMs } = usualBehaviour().payment

  function everySecond(): void {
    scheduler.after(1_000, 'a second of the companies', () => {
      for (const party of parties) {
        const trouble = {
          ...(faults.strikes('outage', party) && { outage: true }),
          ...(faults.strikes('slow company', party) && { latencyMs: random.between(100, longest.latency) }),
        }
        if (Object.keys(trouble).length === 0) continue
        changeBehaviour(sandbox.behaviour, { [party]: trouble })
        scheduler.after(random.between(500, longest.outage), `${party} is well again`, () =>
          changeBehaviour(sandbox.behaviour, { [party]: { outage, latencyMs } }),
        )
      }
      everySecond()
    })
  }

  everySecond()
  return faults
}
