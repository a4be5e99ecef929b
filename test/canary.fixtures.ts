import { emit, setup } from 'xstate'
import type { Contracts, EventContract } from '#messaging'
import { type Participant, participant } from '#orchestration'

type Shift = { readonly shiftId: string; readonly gas: boolean }

/** A participant of a name of its own, so that a test leaves nothing to the next one. */
export function canary(name: string): { part: Participant; contracts: Contracts; topics: readonly string[] } {
  const mine = `${name}-mine`
  const contracts: Contracts = {
    events: {
      ShiftBegan: said('ShiftBegan', mine, [{ name: 'gas', type: 'boolean' }]),
      CanarySang: said('CanarySang', name, []),
    },
  }
  const part = participant({ name, version: '1', machine: canaryMachine, effects: {}, contracts })
  return { part, contracts, topics: [...part.topics, `${name}.events`] }
}

const said = (
  type: string,
  owner: string,
  fields: readonly { name: string; type: 'boolean' }[],
): EventContract => ({
  type,
  owner,
  topic: `${owner}.events`,
  subject: `${owner}.events-${type}`,
  schema: { type: 'record', name: type, fields: [{ name: 'shiftId', type: 'string' }, ...fields] },
})

/** Dies of gas, as a process dies of an error in native code: no handler hears of it. */
const canaryMachine = setup({
  types: {
    input: {} as { sagaId: string },
    context: {} as { shiftId: string },
    events: {} as { type: 'ShiftBegan' } & Shift,
    emitted: {} as { type: 'CanarySang'; shiftId: string },
  },
  guards: {
    breathes: ({ event }) => !event.gas || process.kill(process.pid, 'SIGKILL'),
  },
}).createMachine({
  id: 'canary',
  context: ({ input }) => ({ shiftId: input.sagaId }),
  initial: 'waiting',
  states: {
    waiting: { on: { ShiftBegan: { guard: 'breathes', target: 'singing' } } },
    singing: {
      type: 'final',
      entry: emit(({ context: { shiftId } }) => ({ type: 'CanarySang', shiftId })),
    },
  },
})
