import { createMachine } from 'xstate'
import { type Machine, machineOf } from './machine.ts'

/** A meal that is cooked, and thrown away when nobody eats it: through JSON, as a definition comes from the tracker. */
export function meal(): Machine {
  const machine = createMachine({
    id: 'meal',
    initial: 'ordered',
    states: {
      ordered: { on: { Started: 'cooking', Cancelled: 'dropped' } },
      cooking: {
        initial: 'raw',
        on: { Cancelled: { target: 'throwing' }, Noted: {} },
        states: {
          raw: { after: { heat: 'done' } },
          done: {},
        },
        invoke: { id: 'plate', src: 'plate', onDone: 'served', onError: 'throwing' },
      },
      served: { on: { Eaten: 'eaten', Refused: 'throwing' } },
      throwing: { tags: ['compensation'], after: { 500: 'thrown' }, on: { Kept: 'served' } },
      thrown: { type: 'final', tags: ['compensation'] },
      eaten: { type: 'final' },
      dropped: { type: 'final' },
    },
  })
  return machineOf(JSON.parse(JSON.stringify(machine.definition)))
}

/** Two things at once. */
export function kitchen(): Machine {
  const machine = createMachine({
    id: 'kitchen',
    type: 'parallel',
    states: {
      oven: { initial: 'cold', states: { cold: { on: { On: 'hot' } }, hot: { on: { Off: 'cold' } } } },
      door: { initial: 'shut', states: { shut: { on: { Open: 'open' } }, open: {} } },
    },
  })
  return machineOf(JSON.parse(JSON.stringify(machine.definition)))
}
