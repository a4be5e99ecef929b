import { TerminalError } from '#messaging'
import { type EffectCall, type Participant, readConfig } from '#orchestration'
import type { ClusterOptions, SimulatedProcess } from '#orchestration/simulation'
import { orderConfig } from '../../services/order/config.ts'
import { orderParticipant } from '../../services/order/participant.ts'
import { paymentConfig } from '../../services/payment/config.ts'
import { paymentParticipant } from '../../services/payment/participant.ts'
import { perform, type Sandbox } from '../../services/sandbox/operation.ts'
import { Problem } from '../../services/sandbox/problem.ts'
import { shippingConfig } from '../../services/shipping/config.ts'
import { shippingParticipant } from '../../services/shipping/participant.ts'
import type { Name } from '../invariants/evidence.ts'
import { byName } from '../invariants/small-shop.fixtures.ts'
import { type AnyOperation, operations } from '../operations.fixtures.ts'

/** Short patience: every wait of a saga is over within the minutes that a run takes. In ms. */
const settings = {
  PAYMENT_CAPTURE_DEADLINE: '12000',
  PAYMENT_REFUND_PAUSE: '500',
  PAYMENT_REFUND_ATTEMPTS: '2',
  SHIPPING_CALL_TIMEOUT: '2000',
  SHIPPING_DELIVERY_DEADLINE: '12000',
  SHIPPING_RECALL_PAUSE: '500',
  SHIPPING_RECALL_ATTEMPTS: '2',
}
const order = readConfig(orderConfig, settings)
const payment = readConfig(paymentConfig, settings)
const shipping = readConfig(shippingConfig, settings)

/** As the services make them. */
export const parts = {
  order: orderParticipant(order),
  payment: paymentParticipant(payment),
  shipping: shippingParticipant(shipping),
} as const

const callTimeout = {
  order: 0,
  payment: payment.PAYMENT_CALL_TIMEOUT,
  shipping: shipping.SHIPPING_CALL_TIMEOUT,
}

/** The participants, whose effects call the companies outside over the simulated network. */
export function participantsOn(
  sandbox: Sandbox,
  {
    parts,
    paymentPatience,
    onCall,
  }: {
    readonly parts: Readonly<Record<Name, Participant>>
    /** In ms. */
    readonly paymentPatience: number
    /** Is told each call that arrives outside. */
    readonly onCall: (idempotencyKey: string) => void
  },
): ClusterOptions['participants'] {
  function plugged(process: SimulatedProcess, part: Participant, timeout: number): Participant {
    const effects = Object.entries(part.effects).map(([src, effect]) => [
      src,
      { ...effect, run: (call: EffectCall) => ask(process, src, call, timeout) },
    ])
    return { ...part, effects: Object.fromEntries(effects) }
  }

  /** As `postEffect` does it over HTTP. */
  function ask(process: SimulatedProcess, src: string, call: EffectCall, timeout: number): Promise<unknown> {
    const { idempotencyKey, input: body } = call
    async function work(): Promise<unknown> {
      onCall(idempotencyKey)
      const operation = operations[src] as AnyOperation
      const answer = await perform(operation, { idempotencyKey, body }, sandbox).catch(refuse)
      return answer === 'silence' ? new Promise(() => {}) : answer
    }
    return process.call(`calls ${src} ${idempotencyKey}`, { work, timeout })
  }

  const patient = { ...parts, order: { ...parts.order, input: { paymentPatience } } }
  return byName((name) => (process: SimulatedProcess) => plugged(process, patient[name], callTimeout[name]))
}

/** What stands for a status of 4xx, so that asking again cannot help. */
const final: readonly string[] = ['refused-on-purpose', 'invalid-request', 'idempotency-key-reused']

function refuse(error: unknown): never {
  throw error instanceof Problem && final.includes(error.code) ? new TerminalError(error.message) : error
}
