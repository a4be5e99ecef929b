import type { MachineState } from '#orchestration'

/** Version 1 asked for a refused recall for ever: it did not count the refusals. */
export function fromVersion1(state: MachineState, recallAttempts: number): MachineState {
  const context = state.context as Readonly<Record<string, unknown>>
  return { ...state, context: { ...context, recallAttempts, refusals: 0 } }
}
