import { type Environment, type Participant, readConfig } from '#orchestration'
import { orderConfig } from '../../services/order/config.ts'
import { orderParticipant } from '../../services/order/participant.ts'
import { paymentConfig } from '../../services/payment/config.ts'
import { paymentParticipant } from '../../services/payment/participant.ts'
import { shippingConfig } from '../../services/shipping/config.ts'
import { shippingParticipant } from '../../services/shipping/participant.ts'

/** The participants as this tree ships them, with every version that they know. */
export function shippedParticipants(environment: Environment): readonly Participant[] {
  return [
    orderParticipant(readConfig(orderConfig, environment)),
    paymentParticipant(readConfig(paymentConfig, environment)),
    shippingParticipant(readConfig(shippingConfig, environment)),
  ]
}
