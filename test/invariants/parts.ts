import { contracts } from '#contracts'
import { type Participant, participant } from '#orchestration'
import { participants } from '../../services/cast.ts'
import type { Name } from './evidence.ts'

export const names = Object.keys(participants) as readonly Name[]

/** The services' machines as participants that nobody runs: they tell what a step must have been. */
export const parts = Object.fromEntries(
  names.map((name) => [
    name,
    participant({
      name,
      version: '1',
      machine: participants[name],
      effects: Object.fromEntries(
        Object.keys(participants[name].implementations.actors).map((src) => [src, { run: unperformed }]),
      ),
      contracts,
    }),
  ]),
) as Readonly<Record<Name, Participant>>

async function unperformed(): Promise<never> {
  throw new Error('an audit calls nobody')
}
