import { contracts } from '#contracts'
import { readConfig, runParticipantService, runService, type Service } from '#orchestration'
import { paymentConfig } from './config.ts'
import { paymentParticipant } from './participant.ts'

/** Takes the money for an order, and gives it back when the order is cancelled. */
export const payment: Service = {
  name: 'payment',
  async start(context) {
    const config = readConfig(paymentConfig, context.environment)
    const part = paymentParticipant(config)
    return await runParticipantService(part, context, config.PAYMENT_PORT)
  },
}

if (import.meta.main) await runService(payment, contracts)
