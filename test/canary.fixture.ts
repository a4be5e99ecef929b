import { runParticipantService, runService } from '#orchestration'
import { canary } from './canary.fixtures.ts'

/** A canary as a process of its own; its name comes from the environment. */
const { part, contracts } = canary(process.env.CANARY_NAME ?? 'canary')

await runService({ name: part.name, start: (context) => runParticipantService(part, context, 0) }, contracts)
