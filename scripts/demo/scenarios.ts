import { randomUUID } from 'node:crypto'
import { untilIn, untilSeen } from './observe.ts'
import { cancelOrderMessage, place, placeOrderMessage, send, tornMessage } from './orders.ts'
import type { DemoScenario } from './scenario.ts'

/** Everything that can be made to go wrong on a shop that runs. */
export const demoScenarios: readonly DemoScenario[] = [
  {
    name: 'payment-declined',
    tells: 'The provider refuses the card; the order ends as declined, and nothing was taken.',
    ends: { state: 'declined' },
    play: (stage) => place(stage, { paymentToken: 'tok_declined' }),
  },
  {
    name: 'payment-timeout',
    tells: 'The provider never answers; the order runs out of patience, and a late capture is barred.',
    ends: { state: 'cancelled' },
    play: (stage) => place(stage, { paymentToken: 'tok_silent' }),
  },
  {
    name: 'shipping-refused',
    tells: 'The carrier refuses the parcel after the money was taken, so it is given back.',
    ends: { state: 'cancelled' },
    play: (stage) => place(stage, { postcode: '00000' }),
  },
  {
    name: 'refund-fails',
    tells:
      'The carrier refuses, and the provider will not give the money back: payment asks a few times, then waits for a person.',
    ends: { waits: 'person', responsible: 'payment' },
    play: (stage) => place(stage, { paymentToken: 'tok_refund_refused', postcode: '00000' }),
    next: (orderId, { address }) => [
      `curl -X PUT ${address('sandbox')}/behaviour -H 'content-type: application/json' -d '{"payment": {"settled": true}}'`,
      `./chorus saga signal ${orderId} RetryRefund --reason "the provider can do it now"`,
    ],
  },
  {
    name: 'consumer-down',
    tells: 'Shipping is away while a paid order waits for it; the order goes on when it is back.',
    ends: { state: 'delivered' },
    async play(stage) {
      await stage.stopService('shipping')
      stage.say('shipping has stopped')
      const orderId = await place(stage)
      await untilIn(stage, orderId, 'shipping')
      stage.say('the order is paid, and nobody is there to send it')
      const seen = await untilSeen(stage, orderId, { waits: 'no-consumer', responsible: 'shipping' }, 15_000)
      if (seen) stage.say(`the tracker says: ${seen}`)
      await stage.startService('shipping')
      stage.say('shipping is back')
      return orderId
    },
  },
  {
    name: 'poison',
    tells: 'An event arrives torn, so nobody can read it: its order is held, and no other order waits.',
    ends: { waits: 'dead-letter', responsible: 'order' },
    async play(stage) {
      const infrastructure = await stage.infrastructure()
      const orderId = `order-${randomUUID()}`
      await send(
        infrastructure,
        tornMessage(infrastructure, orderId),
        placeOrderMessage(infrastructure, orderId),
      )
      return orderId
    },
    next: (orderId) => [
      `./chorus dead-letters list --saga ${orderId}`,
      `./chorus dead-letters discard --saga ${orderId} --reason "payment says it again"`,
    ],
  },
  {
    name: 'duplicate',
    tells: 'The same order is placed five times, under one key; it is charged and sent once.',
    ends: { state: 'delivered' },
    async play(stage) {
      const key = randomUUID()
      const ids = await Promise.all(Array.from({ length: 5 }, () => place(stage, {}, key)))
      stage.say(`five answers, ${new Set(ids).size} order`)
      return ids[0] ?? ''
    },
  },
  {
    name: 'out-of-order',
    tells: 'The cancellation arrives before the order that it cancels; it is kept until the order is there.',
    ends: { state: 'cancelled' },
    async play(stage) {
      const infrastructure = await stage.infrastructure()
      const orderId = `order-${randomUUID()}`
      // One key in one topic: they are read as they are sent.
      await send(
        infrastructure,
        cancelOrderMessage(infrastructure, orderId),
        placeOrderMessage(infrastructure, orderId),
      )
      return orderId
    },
  },
  {
    name: 'broker-restart',
    tells:
      'Kafka dies while a parcel is under way; every service waits for it, and the order goes on where it was.',
    ends: { state: 'delivered' },
    async play(stage) {
      const broker = stage.broker()
      const orderId = await place(stage, { postcode: '00002' })
      await untilIn(stage, orderId, 'shipping')
      stage.say('the parcel is under way; Kafka dies now')
      await broker.restart()
      stage.say('Kafka is back')
      return orderId
    },
  },
]
