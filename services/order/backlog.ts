import { contracts } from '#contracts'
import type { Admin } from '#messaging'
import type { Store } from '#orchestration'
import type { OrderApi } from './http/dependencies.ts'
import type { orderMachine } from './machine.ts'

const unpaid: keyof (typeof orderMachine)['states'] = 'paying'

/** How many orders wait, whichever instance accepted them: in Kafka until they are taken up, then in the store until they are paid. */
export function orderBacklog(
  admin: Pick<Admin, 'lag'>,
  store: Pick<Store, 'countHeads'>,
  limit: number,
): OrderApi['backlog'] {
  return {
    async commands() {
      const { partitions } = await admin.lag('order', [contracts.events.PlaceOrder.topic])
      return partitions.reduce((sum, { lag }) => sum + Number(lag), 0)
    },
    unpaid: () => store.countHeads({ state: unpaid, limit }),
  }
}
