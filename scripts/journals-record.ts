/**
 * `npm run journals:record`: records the journals of the versions that this tree ships, which `npm test` replays from then on. What was recorded of
 * such a version before must still come out as it was: a released version is not recorded anew to hide what has changed.
 */
import { relative } from 'node:path'
import { type Participant, replaySagas, sentenceOf, twoWaysOn } from '#orchestration'
import { explain } from '../infra/index.ts'
import { Problem } from '../infra/problem.ts'
import { corporaOf, sagasOf, transitionsOf, writeCorpus } from './journals/corpus.ts'
import { recordJournals } from './journals/record.ts'
import { waysByThemselves, waysWithPeople } from './journals/ways.ts'
import { shippedParticipants } from './replay/participants.ts'

/** Long enough for a refund to be refused three times while the order still waits. */
const settings = { ORDER_PAYMENT_PATIENCE: '90000' }

try {
  const parts = shippedParticipants(settings)
  for (const part of parts) await refuseToHide(part)
  for (const part of parts) await record(part, parts)
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

async function refuseToHide(part: Participant): Promise<void> {
  const known = (await corporaOf(part.name)).find(({ version }) => version === part.version)
  if (!known) return
  const { divergences } = await replaySagas([part], sagasOf(known))
  if (divergences.length === 0) return
  throw new Problem(`Version ${part.version} of "${part.name}" is released, and would now go another way.`, {
    why: divergences.slice(0, 5).map(sentenceOf).join('\n'),
    fix: twoWaysOn(part.name, part.version),
  })
}

async function record(part: Participant, parts: readonly Participant[]): Promise<void> {
  const { name: participant, version, machine } = part
  const ways = (orderId: string) => ({ ...waysByThemselves(orderId), ...waysWithPeople(orderId) })
  const rows = recordJournals(parts, ways, `v${version}`).get(participant) ?? []
  const path = await writeCorpus({ participant, version, rows, transitions: transitionsOf(machine) })
  console.log(`${relative(process.cwd(), path)}: ${rows.length} rows`)
}
