import { contracts } from '#contracts'
import { type Participant, participant } from '#orchestration'
import type { PaymentConfig } from './config.ts'
import { paymentEffects } from './effects.ts'
import { paymentMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Payment's own part, with these settings. */
export function paymentParticipant(config: PaymentConfig): Participant<typeof paymentMachine> {
  return participant({
    name: 'payment',
    version: '2',
    machine: paymentMachine,
    migrate: { '1': (state) => fromVersion1(state, config.PAYMENT_REFUND_ATTEMPTS) },
    effects: paymentEffects(config),
    contracts,
    businessKey: 'order.id',
    input: {
      refundPause: config.PAYMENT_REFUND_PAUSE,
      refundAttempts: config.PAYMENT_REFUND_ATTEMPTS,
    },
  })
}
