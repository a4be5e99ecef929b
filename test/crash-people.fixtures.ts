import { isDelivery } from '../services/sandbox/ledger.ts'
import { perform } from '../services/sandbox/operation.ts'
import { refund } from '../services/sandbox/payment-provider.ts'
import type { Path } from './crash-points.fixtures.ts'
import { orderId } from './crash-world.fixtures.ts'

type Person = NonNullable<Path['person']>

const forRefund = { waitedForBy: 'payment', state: 'refundStuck' } as const
const forRecall = { waitedForBy: 'shipping', state: 'recallStuck' } as const

/** What people do about a compensation that stays refused. Somebody always says it a second time. */
export const people = {
  retriesRefund: {
    ...forRefund,
    async acts({ sandbox, signal }) {
      sandbox.behaviour.payment.settled = true
      await signal('RetryRefund')
      await signal('RetryRefund')
    },
  },
  refundsByHand: {
    ...forRefund,
    async acts({ sandbox, signal }) {
      sandbox.behaviour.payment.settled = true
      const call = { idempotencyKey: 'by hand', body: { orderId } }
      const { refundId } = (await perform(refund, call, sandbox)) as { status: string; refundId?: string }
      await signal('ConfirmRefund', { refundId })
      await signal('RetryRefund')
    },
  },
  writesRefundOff: {
    ...forRefund,
    async acts({ signal }) {
      await signal('WriteOffRefund')
      await signal('ConfirmRefund', { refundId: 'too late' })
    },
  },
  retriesRecall: {
    ...forRecall,
    async acts({ sandbox, signal }) {
      sandbox.behaviour.carrier.settled = true
      await signal('RetryRecall')
      await signal('RetryRecall')
    },
  },
  findsParcelHere: {
    ...forRecall,
    async acts({ signal }) {
      await signal('ConfirmRecall')
      await signal('RetryRecall')
    },
  },
  findsParcelThere: {
    ...forRecall,
    async acts({ sandbox, signal }) {
      const delivery = sandbox.ledger.entriesOf(orderId).find(isDelivery)?.answer
      await signal('ConfirmDelivery', {
        shipmentId: delivery?.shipmentId,
        trackingNumber: delivery?.trackingNumber,
      })
      await signal('ConfirmRecall')
    },
  },
} satisfies Readonly<Record<string, Person>>
