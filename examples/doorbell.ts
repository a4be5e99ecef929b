import { emit, fromPromise, setup } from 'xstate'
import { type EffectCall, type Participant, participant } from '#orchestration'
import { contracts } from './doorbell.contracts.ts'

type Visit = { readonly visitId: string }

/** A plain XState machine: `on` subscribes, `emit` publishes, `invoke` is a durable effect, `after` a durable timer. */
export const doorbellMachine = setup({
  types: {
    input: {} as { sagaId: string; patience: number },
    context: {} as Visit & { patience: number },
    events: {} as Visit & { type: 'BellRang' | 'DoorOpened' },
    emitted: {} as Visit & { type: 'VisitorGreeted' | 'NobodyCame' },
  },
  actors: { chime: fromPromise<void, Visit>(() => Promise.reject(new Error('the effect chimes'))) },
  actions: {
    greet: emit(({ context: { visitId } }) => ({ type: 'VisitorGreeted', visitId })),
    giveUp: emit(({ context: { visitId } }) => ({ type: 'NobodyCame', visitId })),
  },
  delays: { patience: ({ context }) => context.patience },
}).createMachine({
  id: 'doorbell',
  context: ({ input }) => ({ visitId: input.sagaId, patience: input.patience }),
  initial: 'quiet',
  states: {
    quiet: { on: { BellRang: 'chiming' } },
    // A door that opens while it still chimes is no problem: the event is kept for the next state.
    chiming: {
      invoke: {
        id: 'chime',
        src: 'chime',
        input: ({ context: { visitId } }) => ({ visitId }),
        onDone: 'waiting',
        onError: 'missed',
      },
    },
    waiting: { on: { DoorOpened: 'greeted' }, after: { patience: 'missed' } },
    greeted: { type: 'final', entry: 'greet' },
    missed: { type: 'final', entry: 'giveUp' },
  },
})

/** The machine with its work beside it: whatever dies in between, `chime` is tried until it succeeds, a minute at most. */
export function doorbell(chime: (call: EffectCall<Visit>) => Promise<void>, patience: number): Participant {
  return participant({
    name: 'doorbell',
    version: '1',
    machine: doorbellMachine,
    effects: { chime: { run: chime, deadline: 60_000 } },
    contracts,
    input: { patience },
  })
}
