import { contracts } from '#contracts'
import {
  type Participant,
  participant,
  readConfig,
  runParticipantService,
  runService,
  type Service,
} from '#orchestration'
import { type PaymentConfig, paymentConfig } from './config.ts'
import { paymentEffects } from './effects.ts'
import { paymentMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Takes the money for an order, and gives it back when the order is cancelled. */
export const payment: Service = {
  name: 'payment',
  async start(context) {
    const config = readConfig(paymentConfig, context.environment)
    const part = paymentParticipant(config)
    return await runParticipantService(part, context, config.PAYMENT_PORT)
  },
}

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

if (import.meta.main) await runService(payment, contracts)
