import { TerminalError } from '#messaging'
import {
  answer,
  catchUp,
  lag,
  refusal,
  type SpokenEvent,
  type StandIn,
  type StoryHappening,
  silence,
  timePasses,
} from '#orchestration/testing'

/** One way that an order may go: what happens to it, and which companies answer otherwise than usual. */
export type Way = {
  readonly happenings: readonly StoryHappening[]
  readonly effects?: Readonly<Record<string, StandIn>>
}

export type Ways = Readonly<Record<string, Way>>

const money = { amount: 2_900, currency: 'EUR' }
const parcel = { shipmentId: 'shp-1', trackingNumber: 'T-1' }

const captured = { status: 'captured', paymentId: 'pay-1' }
const declined = { status: 'declined', reason: 'insufficient funds' }
const refunded = { status: 'refunded', paymentId: 'pay-1', refundId: 'ref-1', ...money }
const released = { status: 'released' }
const delivered = { status: 'delivered', ...parcel }
const outOfStock = { status: 'refused', reason: 'out of stock' }
const recalled = { status: 'recalled' }

/** How the companies outside answer when nothing is out of the ordinary. */
export const usually: Readonly<Record<string, StandIn>> = {
  capturePayment: () => captured,
  refundPayment: () => refunded,
  deliverParcel: () => delivered,
  recallParcel: () => recalled,
}

const silent: StandIn = () => silence

function failsTwice(output: object): StandIn {
  return (_, attempt) => {
    if (attempt < 3) throw new Error('HTTP 503')
    return output
  }
}

const refusesCapture: StandIn = () => {
  throw new TerminalError('not a valid request', { code: 'HTTP_422' })
}

const noRefund = refusal('refundPayment', { code: 'HTTP_422' })
const noRecall = refusal('recallParcel', { code: 'HTTP_422' })
/** The pause after a refusal, and the deadlines of capture and delivery, as the services have them by default. */
const [rest, captureOver, deliveryOver] = [timePasses('30s'), timePasses('30s'), timePasses('60s')]
/** Longer than the order's patience when a journal is recorded. */
const patienceOver = timePasses('90s')

/** Between the refusals there is time; after the third one a person has to decide. */
const thrice = (no: StoryHappening): StoryHappening[] => [no, rest, no, rest, no]

function sayings(orderId: string) {
  const say = (type: string, data: Readonly<Record<string, unknown>> = {}): SpokenEvent => ({
    type,
    orderId,
    ...data,
  })
  const place = say('PlaceOrder', {
    customerId: 'customer-1',
    items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1_450 }],
    ...money,
    paymentToken: 'tok_ok',
    shipTo: { name: 'Ada', street: 'Main Street 1', city: 'Berlin', postcode: '10115', country: 'DE' },
  })
  return {
    place,
    cancel: say('CancelOrder', { reason: 'changed my mind' }),
    retryRefund: say('RetryRefund', { reason: 'the provider is sorry' }),
    confirmRefund: say('ConfirmRefund', { refundId: 'by hand', reason: 'transferred' }),
    confirmNamed: say('ConfirmRefund', { refundId: 'by hand', paymentId: 'pay-9', reason: 'transferred' }),
    writeOff: say('WriteOffRefund', { reason: 'the account is closed' }),
    retryRecall: say('RetryRecall', { reason: 'the carrier is back' }),
    confirmDelivery: say('ConfirmDelivery', { ...parcel, reason: 'the customer has it' }),
    confirmRecall: say('ConfirmRecall', { reason: 'it is still in the warehouse' }),
  }
}

/** The ways of an order with this id on which no person is needed. */
export function waysByThemselves(orderId: string): Ways {
  const { place, cancel } = sayings(orderId)
  const capture = (output: object) => answer('capturePayment', output)
  const notDelivered = { deliverParcel: () => outOfStock }
  const captureSilent = { capturePayment: silent }
  const deliverySilent = { deliverParcel: silent }
  return {
    delivered: { happenings: [place] },
    declined: { effects: { capturePayment: () => declined }, happenings: [place] },
    'shipment-refused': { effects: notDelivered, happenings: [place] },
    'capture-unanswered': {
      effects: { ...captureSilent, refundPayment: () => released },
      happenings: [place, captureOver],
    },
    'capture-unanswered-but-made': { effects: captureSilent, happenings: [place, captureOver] },
    'patience-over': {
      effects: { ...captureSilent, refundPayment: silent },
      happenings: [place, patienceOver, answer('refundPayment', released)],
    },
    'cancelled-while-capturing': {
      effects: captureSilent,
      happenings: [place, cancel, capture(captured)],
    },
    'cancelled-twice-then-declined': {
      effects: captureSilent,
      happenings: [place, cancel, cancel, capture(declined)],
    },
    'cancelled-and-unanswered': {
      effects: { ...captureSilent, refundPayment: () => released },
      happenings: [place, cancel, captureOver],
    },
    'cancelled-too-late': {
      effects: deliverySilent,
      happenings: [place, cancel, answer('deliverParcel', delivered), cancel],
    },
    'cancelled-while-the-capture-is-on-its-way': {
      happenings: [lag('payment.events'), place, cancel, catchUp('payment.events')],
    },
    'cancelled-before-it-was-placed': { happenings: [cancel, place] },
    'cancelled-and-never-placed': { happenings: [cancel, timePasses('10m')] },
    'attempts-fail': {
      effects: {
        capturePayment: failsTwice(captured),
        deliverParcel: failsTwice(outOfStock),
        refundPayment: failsTwice(refunded),
      },
      happenings: [place, timePasses('5s')],
    },
    'refund-refused-once': {
      effects: { ...notDelivered, refundPayment: silent },
      happenings: [place, noRefund, rest, answer('refundPayment', refunded)],
    },
    'cancelled-while-a-refund-is-refused': {
      effects: { capturePayment: refusesCapture, refundPayment: silent },
      happenings: [place, noRefund, cancel, rest, answer('refundPayment', released)],
    },
    recalled: { effects: deliverySilent, happenings: [place, deliveryOver] },
    'found-delivered': {
      effects: { ...deliverySilent, recallParcel: () => delivered },
      happenings: [place, deliveryOver],
    },
    'recall-refused-once': {
      effects: { ...deliverySilent, recallParcel: silent },
      happenings: [place, deliveryOver, noRecall, rest, answer('recallParcel', recalled)],
    },
  }
}

/** The ways on which a person has to decide, or has something to say too early: these came with version 2. */
export function waysWithPeople(orderId: string): Ways {
  const said = sayings(orderId)
  const { place, retryRefund, confirmRefund, confirmNamed, writeOff } = said
  const { retryRecall, confirmDelivery, confirmRecall } = said
  const refundWords = [retryRefund, confirmRefund, writeOff]
  const recallWords = [retryRecall, confirmDelivery, confirmRecall]
  const refundStuck = (...decided: StoryHappening[]): Way => ({
    effects: { deliverParcel: () => outOfStock, refundPayment: silent },
    happenings: [place, ...thrice(noRefund), ...decided],
  })
  const neverCaptured = (...decided: StoryHappening[]): Way => ({
    effects: { capturePayment: refusesCapture, refundPayment: silent },
    happenings: [place, ...thrice(noRefund), ...decided],
  })
  const recallStuck = (...decided: StoryHappening[]): Way => ({
    effects: { deliverParcel: silent, recallParcel: silent },
    happenings: [place, deliveryOver, ...thrice(noRecall), ...decided],
  })
  return {
    'refund-asked-for-again': refundStuck(retryRefund, answer('refundPayment', refunded)),
    'refund-made-by-hand': refundStuck(confirmRefund, retryRefund),
    'refund-written-off': refundStuck(writeOff, confirmRefund),
    'refund-of-an-unknown-payment': neverCaptured(patienceOver, confirmRefund, confirmNamed),
    'refund-written-off-while-paying': neverCaptured(writeOff),
    'recall-asked-for-again': recallStuck(retryRecall, answer('recallParcel', delivered)),
    'recall-found-delivered': recallStuck(confirmDelivery, confirmRecall),
    'recall-found-in-the-warehouse': recallStuck(confirmRecall),
    'words-too-early-for-a-refund': {
      effects: { capturePayment: silent, deliverParcel: silent, refundPayment: silent },
      happenings: [
        ...[place, ...refundWords, answer('capturePayment', captured), ...refundWords],
        ...[answer('deliverParcel', outOfStock), ...refundWords, noRefund, ...refundWords],
        ...[rest, answer('refundPayment', refunded)],
      ],
    },
    'words-too-early-for-a-recall': {
      effects: { deliverParcel: silent, recallParcel: silent },
      happenings: [
        ...[place, ...recallWords, deliveryOver, ...recallWords, noRecall, ...recallWords],
        ...[rest, answer('recallParcel', delivered)],
      ],
    },
  }
}
