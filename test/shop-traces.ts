const placed = [
  'order: POST /orders → order: process order.commands',
  'order: process order.commands → order: send order.events',
  'order: send order.events → payment: process order.events',
  'payment: process order.events → payment: payment.capturePayment',
]

const captured = [
  'payment: payment.capturePayment → payment: POST',
  'payment: POST → sandbox: POST /payments/captures',
  'payment: payment.capturePayment → payment: payment.capturePayment answer',
  'payment: payment.capturePayment answer → payment: send payment.events',
  'payment: send payment.events → order: process payment.events',
]

const paid = [
  'order: process payment.events → order: send order.events',
  'order: send order.events → shipping: process order.events',
  'shipping: process order.events → shipping: shipping.deliverParcel',
  'shipping: shipping.deliverParcel → shipping: shipping.deliverParcel answer',
  'shipping: shipping.deliverParcel answer → shipping: send shipping.events',
  'shipping: send shipping.events → order: process shipping.events',
  'order: process shipping.events → order: send order.events',
]

const refunded = [
  'payment: process order.events → payment: payment.refundPayment',
  'payment: payment.refundPayment → payment: payment.refundPayment answer',
  'payment: payment.refundPayment answer → payment: send payment.events',
  'payment: send payment.events → order: process payment.events',
]

/** Who caused whom, by the name of the scenario: a new step of the saga is a new line here. */
export const expectedEdges: Readonly<Record<string, readonly string[]>> = {
  delivered: [...placed, ...captured, ...paid],
  declined: [...placed, ...captured],
  refused: [...placed, ...captured, ...paid, ...refunded],
  silent: [
    ...placed,
    'order: process order.commands → order: timer paymentPatience',
    'order: timer paymentPatience → order: send order.events',
    'payment: payment.capturePayment answer → payment: payment.refundPayment',
    'payment: payment.refundPayment answer → payment: send payment.events',
    'payment: send payment.events → order: process payment.events',
  ],
}
