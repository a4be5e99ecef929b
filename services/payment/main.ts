import { contracts } from '#contracts'
import { participant, readConfig, runParticipantService, runService, type Service } from '#orchestration'
import { paymentConfig } from './config.ts'
import { paymentEffects } from './effects.ts'
import { paymentMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Takes the money for an order, and gives it back when the order is cancelled. */
export const payment: Service = {
  name: 'payment',
  async start(context) {
    const config = readConfig(paymentConfig, context.environment)
    const part = participant({
      name: 'payment',
      version: '2',
      machine: paymentMachine,
      migrate: { '1': (state) => fromVersion1(state, config.PAYMENT_REFUND_ATTEMPTS) },
      effects: paymentEffects(config),
      contracts,
      input: {
        refundPause: config.PAYMENT_REFUND_PAUSE,
        refundAttempts: config.PAYMENT_REFUND_ATTEMPTS,
      },
    })
    return await runParticipantService(part, context, config.PAYMENT_PORT)
  },
}

if (import.meta.main) await runService(payment, contracts)
