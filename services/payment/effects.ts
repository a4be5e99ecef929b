import { type EffectsOf, postEffect } from '#orchestration'
import type { PaymentConfig } from './config.ts'
import type { CaptureAnswer, paymentMachine, RefundAnswer } from './machine.ts'

/** The work behind the machine's actors: calls to the payment provider. A refusal is an answer, not an error. */
export function paymentEffects(config: PaymentConfig): EffectsOf<typeof paymentMachine> {
  const post = { timeout: config.PAYMENT_CALL_TIMEOUT }
  const dependency = { name: 'payment provider', concurrency: config.PAYMENT_CONCURRENCY }
  return {
    capturePayment: {
      dependency,
      deadline: config.PAYMENT_CAPTURE_DEADLINE,
      run: (call) =>
        postEffect<CaptureAnswer>(
          { ...post, url: `${config.SANDBOX_URL}/payments/captures`, body: call.input },
          call,
        ),
    },
    // Without a deadline: the money is owed for as long as it takes.
    refundPayment: {
      dependency,
      run: (call) =>
        postEffect<RefundAnswer>(
          { ...post, url: `${config.SANDBOX_URL}/payments/refunds`, body: call.input },
          call,
        ),
    },
  }
}
