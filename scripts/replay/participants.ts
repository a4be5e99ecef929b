import { type Environment, type Participant, readConfig } from '#orchestration'
import { orderConfig } from '../../services/order/config.ts'
import { orderParticipant } from '../../services/order/main.ts'
import { paymentConfig } from '../../services/payment/config.ts'
import { paymentParticipant } from '../../services/payment/main.ts'
import { shippingConfig } from '../../services/shipping/config.ts'
import { shippingParticipant } from '../../services/shipping/main.ts'

/** The participants as this tree ships them, with every version that they know. */
export function shippedParticipants(environment: Environment): readonly Participant[] {
  return [
    orderParticipant(readConfig(orderConfig, environment)),
    paymentParticipant(readConfig(paymentConfig, environment)),
    shippingParticipant(readConfig(shippingConfig, environment)),
  ]
}
