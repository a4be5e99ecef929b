import type { MachineState } from '#orchestration'

/** Version 1 asked for a refused refund for ever: it neither counted the refusals nor kept which payment it was. */
export function fromVersion1(state: MachineState, refundAttempts: number): MachineState {
  const context = state.context as Readonly<Record<string, unknown>>
  return { ...state, context: { ...context, refundAttempts, paymentId: null, refusals: 0 } }
}
