import { contracts } from '#contracts'
import { type Participant, participant } from '#orchestration'
import type { OrderConfig } from './config.ts'
import { orderMachine } from './machine.ts'

/** The order's own part, with these settings. */
export function orderParticipant(config: OrderConfig): Participant<typeof orderMachine> {
  return participant({
    name: 'order',
    version: '2',
    machine: orderMachine,
    // Version 1 did not know `PaymentWrittenOff`; its states are the same.
    migrate: { '1': (state) => state },
    effects: {},
    contracts,
    businessKey: 'order.id',
    input: { paymentPatience: config.ORDER_PAYMENT_PATIENCE },
  })
}
