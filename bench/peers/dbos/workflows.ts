import { currency, quote } from '../../../services/order/catalogue.ts'
import type { Charge, Companies, Parcel, Placed } from '../companies.ts'
import type { PartName } from '../parts.ts'
import type { Rows } from './rows.ts'
import type { Queryable, Workflow } from './sdk.ts'

/** Something that is said to another part, one way. */
type Said = { readonly to: PartName; readonly workflow: string; readonly input: unknown }

/** Changes a row and says what follows from it, both or neither. */
export type Say = (orderId: string, change: (by: Queryable) => Promise<Said>) => Promise<void>

type World = {
  readonly rows: Rows
  readonly companies: Companies
  readonly database: Queryable
  /** Work whose answer is kept, so that it is not done again once it is there. */
  effect<Answer>(name: string, work: () => Promise<Answer>): Promise<Answer>
  readonly say: Say
  /** Told where the shop says its last event. */
  readonly ended: (orderId: string) => void
}

/**
 * The shop's business as durable workflows, one for each thing that a part hears. A row of the part's own is changed at each step.
 * Changing it a second time is the same as once, so only what the companies answer is a step for DBOS.
 */
export function workflowsOf({
  rows,
  companies,
  database,
  effect,
  say,
  ended,
}: World): Readonly<Record<PartName, Readonly<Record<string, Workflow>>>> {
  return {
    order: {
      async place(orderId, placed: Placed) {
        const priced = quote(placed.items)
        if ('unknown' in priced) throw new Error('an order for what nobody sells')
        const { amount } = priced
        await say(orderId, async (by) => {
          await rows.put(by, orderId, 'paying', { ...placed, ...priced, currency })
          const charge: Charge = { orderId, amount, currency, paymentToken: placed.paymentToken }
          return { to: 'payment', workflow: 'capture', input: charge }
        })
      },
      async paid(orderId) {
        await say(orderId, async (by) => {
          const placed = await rows.move<Placed>(by, orderId, 'shipping')
          const items = placed.items.map(({ sku, quantity }) => ({ sku, quantity }))
          const parcel: Parcel = { orderId, items, shipTo: placed.shipTo }
          return { to: 'shipping', workflow: 'deliver', input: parcel }
        })
      },
      async delivered(orderId) {
        await say(orderId, async (by) => {
          await rows.move(by, orderId, 'delivered')
          return { to: 'payment', workflow: 'settle', input: null }
        })
        ended(orderId)
      },
      async refused(orderId) {
        await say(orderId, async (by) => {
          await rows.move(by, orderId, 'cancelling')
          return { to: 'payment', workflow: 'refund', input: null }
        })
      },
      async refunded(orderId) {
        await rows.move(database, orderId, 'cancelled')
      },
    },
    payment: {
      async capture(orderId, charge: Charge) {
        await rows.put(database, orderId, 'capturing', charge)
        const { status } = await effect('capture', () => companies.capture(charge))
        if (status !== 'captured') throw new Error(`a payment that was to be captured is ${status}`)
        await say(orderId, async (by) => {
          await rows.move(by, orderId, status)
          return { to: 'order', workflow: 'paid', input: null }
        })
      },
      async settle(orderId) {
        await rows.move(database, orderId, 'settled')
      },
      async refund(orderId) {
        await rows.move(database, orderId, 'refunding')
        await effect('refund', () => companies.refund(orderId))
        await say(orderId, async (by) => {
          await rows.move(by, orderId, 'refunded')
          return { to: 'order', workflow: 'refunded', input: null }
        })
        ended(orderId)
      },
    },
    shipping: {
      async deliver(orderId, parcel: Parcel) {
        await rows.put(database, orderId, 'delivering', parcel)
        const { status } = await effect('deliver', () => companies.deliver(parcel))
        await say(orderId, async (by) => {
          await rows.move(by, orderId, status)
          return { to: 'order', workflow: status, input: null }
        })
      },
    },
  }
}
