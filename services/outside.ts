import type { Outside, Reply, Saying } from '#orchestration'

/** All that payment provider and carrier know of one order, as the sandbox plays them. */
export type Provided = {
  readonly captures: number
  readonly refunds: number
  /** What the provider said to the first request for money; `voided` by a refund that came before. */
  readonly money: 'none' | 'captured' | 'declined' | 'voided'
  readonly deliveries: number
  readonly parcel: 'none' | 'delivered' | 'refused' | 'recalled'
  /** A person has settled something with them: from then on they need not fit together. */
  readonly byHand: boolean
}

const amount = 2_900
const currency = 'EUR'
export const orderId = 'order-1'
const paymentId = 'pay-1'
const refundId = 'ref-1'
const shipment = { shipmentId: 'shp-1', trackingNumber: 'T-1' }

const captured = { status: 'captured', paymentId }
const declined = { status: 'declined', reason: 'insufficient funds' }
const refunded = { status: 'refunded', paymentId, refundId, amount, currency }
const delivered = { status: 'delivered', ...shipment }
const outOfStock = { status: 'refused', reason: 'out of stock' }
const recalled = { status: 'recalled' }

type Replies = readonly Reply<Provided>[]

/** How every call may go. A call that is repeated under its key gets the answer that it had; any other one is a new wish. */
export const outside: Outside<Provided> = {
  initial: { captures: 0, refunds: 0, money: 'none', deliveries: 0, parcel: 'none', byHand: false },
  calls: {
    capturePayment(world, { repeated }): Replies {
      if (repeated && world.money === 'captured') return [{ world, done: captured }]
      if (world.money === 'declined' && repeated) return [{ world, done: declined }]
      if (world.money === 'voided' || world.refunds > 0) return [{ world, done: declined }]
      return [
        { world: { ...world, captures: world.captures + 1, money: 'captured' }, done: captured },
        { world: { ...world, money: 'declined' }, done: declined },
        { world, refused: 'the request is not valid' },
      ]
    },
    refundPayment(world): Replies {
      const refused = { world, refused: 'the account is closed' }
      if (world.refunds > 0) return [{ world, done: refunded }]
      if (world.money === 'captured') return [{ world: { ...world, refunds: 1 }, done: refunded }, refused]
      return [{ world: { ...world, money: 'voided' }, done: { status: 'released' } }, refused]
    },
    deliverParcel(world, { repeated }): Replies {
      const sent: Provided = { ...world, deliveries: world.deliveries + 1, parcel: 'delivered' }
      if (repeated && world.parcel === 'delivered') return [{ world, done: delivered }]
      if (world.parcel === 'recalled' || (repeated && world.parcel === 'refused'))
        return [{ world, done: outOfStock }]
      return [
        { world: sent, done: delivered },
        { world: { ...world, parcel: 'refused' }, done: outOfStock },
        { world: sent, refused: 'the carrier does not know what became of it' },
        { world, refused: 'the carrier does not know what became of it' },
      ]
    },
    recallParcel(world): Replies {
      const refused = { world, refused: 'the carrier does not know what became of it' }
      if (world.deliveries > 0) return [{ world, done: delivered }, refused]
      return [{ world: { ...world, parcel: 'recalled' }, done: recalled }, refused]
    },
  },
}

const byHand = (world: Provided): Provided => ({ ...world, byHand: true })

/** What customers and operators may say. An operator says a thing whenever he likes, also when nobody waits for it. */
export const sayings: readonly Saying<Provided>[] = [
  {
    from: 'customer',
    type: 'PlaceOrder',
    times: 1,
    data: {
      orderId,
      customerId: 'customer-1',
      items: [{ sku: 'TEA-1', quantity: 1, unitPrice: amount }],
      amount,
      currency,
      paymentToken: 'tok_ok',
      shipTo: { name: 'Ada', street: 'Long Lane 1', city: 'Berlin', postcode: '10115', country: 'DE' },
    },
  },
  {
    from: 'customer',
    type: 'CancelOrder',
    after: 'PlaceOrder',
    times: 1,
    data: { orderId, reason: 'changed my mind' },
  },
  word('RetryRefund'),
  { ...word('ConfirmRefund', { refundId, paymentId }), does: byHand },
  word('WriteOffRefund', { reason: 'the account is closed' }),
  word('RetryRecall'),
  { ...word('ConfirmDelivery', shipment), does: byHand },
  { ...word('ConfirmRecall', { reason: 'it came back' }), does: byHand },
]

function word(type: string, data: object = {}): Saying<Provided> {
  return { from: 'operator', type, after: 'PlaceOrder', times: 'whenever', data: { orderId, ...data } }
}
