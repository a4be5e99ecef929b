import { contracts } from '#contracts'
import { participant, readConfig, runParticipantService, runService, type Service } from '#orchestration'
import { shippingConfig } from './config.ts'
import { shippingEffects } from './effects.ts'
import { shippingMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Has the carrier deliver what is paid. */
export const shipping: Service = {
  name: 'shipping',
  async start(context) {
    const config = readConfig(shippingConfig, context.environment)
    const part = participant({
      name: 'shipping',
      version: '2',
      machine: shippingMachine,
      migrate: { '1': (state) => fromVersion1(state, config.SHIPPING_RECALL_ATTEMPTS) },
      effects: shippingEffects(config),
      contracts,
      input: {
        recallPause: config.SHIPPING_RECALL_PAUSE,
        recallAttempts: config.SHIPPING_RECALL_ATTEMPTS,
      },
    })
    return await runParticipantService(part, context, config.SHIPPING_PORT)
  },
}

if (import.meta.main) await runService(shipping, contracts)
