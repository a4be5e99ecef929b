import { contracts } from '#contracts'
import { participant, readConfig, runParticipantService, runService, type Service } from '#orchestration'
import { shippingConfig } from './config.ts'
import { shippingEffects } from './effects.ts'
import { shippingMachine } from './machine.ts'

/** Has the carrier deliver what is paid. */
export const shipping: Service = {
  name: 'shipping',
  async start(context) {
    const config = readConfig(shippingConfig, context.environment)
    const part = participant({
      name: 'shipping',
      version: '1',
      machine: shippingMachine,
      effects: shippingEffects(config),
      contracts,
      input: { recallPause: config.SHIPPING_RECALL_PAUSE },
    })
    return await runParticipantService(part, context, config.SHIPPING_PORT)
  },
}

if (import.meta.main) await runService(shipping, contracts)
