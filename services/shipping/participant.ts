import { contracts } from '#contracts'
import { type Participant, participant } from '#orchestration'
import type { ShippingConfig } from './config.ts'
import { shippingEffects } from './effects.ts'
import { shippingMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Shipping's own part, with these settings. */
export function shippingParticipant(config: ShippingConfig): Participant<typeof shippingMachine> {
  return participant({
    name: 'shipping',
    version: '2',
    machine: shippingMachine,
    migrate: { '1': (state) => fromVersion1(state, config.SHIPPING_RECALL_ATTEMPTS) },
    effects: shippingEffects(config),
    contracts,
    businessKey: 'order.id',
    input: {
      recallPause: config.SHIPPING_RECALL_PAUSE,
      recallAttempts: config.SHIPPING_RECALL_ATTEMPTS,
    },
  })
}
