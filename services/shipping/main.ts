import { contracts } from '#contracts'
import { readConfig, runParticipantService, runService, type Service } from '#orchestration'
import { shippingConfig } from './config.ts'
import { shippingParticipant } from './participant.ts'

/** Has the carrier deliver what is paid. */
export const shipping: Service = {
  name: 'shipping',
  async start(context) {
    const config = readConfig(shippingConfig, context.environment)
    const part = shippingParticipant(config)
    return await runParticipantService(part, context, config.SHIPPING_PORT)
  },
}

if (import.meta.main) await runService(shipping, contracts)
