import { contracts } from '#contracts'
import {
  type Participant,
  participant,
  readConfig,
  runParticipantService,
  runService,
  type Service,
} from '#orchestration'
import { type ShippingConfig, shippingConfig } from './config.ts'
import { shippingEffects } from './effects.ts'
import { shippingMachine } from './machine.ts'
import { fromVersion1 } from './migrate.ts'

/** Has the carrier deliver what is paid. */
export const shipping: Service = {
  name: 'shipping',
  async start(context) {
    const config = readConfig(shippingConfig, context.environment)
    const part = shippingParticipant(config)
    return await runParticipantService(part, context, config.SHIPPING_PORT)
  },
}

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

if (import.meta.main) await runService(shipping, contracts)
