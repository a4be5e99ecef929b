import { z } from 'zod'
import { captureTrouble, refundTrouble } from './behaviour.ts'
import { type Entry, sumOf } from './ledger.ts'
import type { Decision, Operation } from './operation.ts'

const captureRequest = z.object({
  orderId: z.string().min(1),
  /** Minor units. */
  amount: z.int().positive(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  paymentToken: z.string().min(1),
})

const refundRequest = z.object({
  orderId: z.string().min(1),
  reason: z.string().optional(),
})

const tokensWithMoney: ReadonlySet<string> = new Set([
  'tok_ok',
  'tok_error_once',
  'tok_refund_error_once',
  'tok_refund_refused',
  'tok_timeout_after_charge',
  'tok_slow',
])

/** Takes the money for an order. After a refund of the order it takes none any more. */
export const capture: Operation<z.infer<typeof captureRequest>> = {
  kind: 'capture',
  party: 'payment',
  request: captureRequest,
  trouble: ({ paymentToken }) => captureTrouble(paymentToken),
  decide({ amount, currency, paymentToken }, past, id) {
    if (past.some((entry) => entry.kind === 'refund')) return declined('voided')
    if (paymentToken === 'tok_declined') return declined('insufficient funds')
    if (!tokensWithMoney.has(paymentToken)) return declined(`unknown payment token ${paymentToken}`)
    return { answer: { status: 'captured', paymentId: `pay_${id}` }, amount, currency, paymentToken }
  },
}

/** Gives back whatever was captured for the order, and voids any capture to come. */
export const refund: Operation<z.infer<typeof refundRequest>> = {
  kind: 'refund',
  party: 'payment',
  request: refundRequest,
  trouble: (_, past) => refundTrouble(chargeIn(past)?.paymentToken),
  decide(_, past, id) {
    const earlier = past.find((entry) => entry.kind === 'refund')
    if (earlier) return { answer: earlier.answer }
    const charge = chargeIn(past)
    if (!charge) return { answer: { status: 'released' } }
    const { currency, answer } = charge
    const amount = sumOf('capture', past)
    const refunded = { paymentId: answer.paymentId, refundId: `ref_${id}`, amount, currency }
    return { answer: { status: 'refunded', ...refunded }, amount, ...(currency && { currency }) }
  },
}

function declined(reason: string): Decision {
  return { answer: { status: 'declined', reason } }
}

function chargeIn(past: readonly Entry[]): Entry | undefined {
  return past.find((entry) => entry.kind === 'capture' && entry.amount > 0)
}
