import { v7 as uuidv7 } from 'uuid'
import { type Broker, type Codec, sender } from '#messaging'
import { placeOrderCommand } from '../../scripts/shop/example-order.ts'
import type { Entry } from './entry.ts'

/** Commands straight to Kafka, in batches of what waits: the shop without its HTTP edge. */
export async function kafkaEntry(broker: Broker, codec: Codec): Promise<Entry> {
  const commands = sender(await broker.producer(), { capacity: 10_000 })
  return {
    async place(way) {
      const orderId = uuidv7()
      const envelope = {
        id: uuidv7(),
        type: 'PlaceOrder',
        source: 'bench',
        sagaId: orderId,
        time: Date.now(),
      }
      await commands.send(codec.encode({ ...envelope, trace: {}, data: placeOrderCommand(orderId, way) }))
      return orderId
    },
    close: () => commands.close(),
  }
}
