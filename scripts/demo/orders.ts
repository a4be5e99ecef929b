import { randomUUID } from 'node:crypto'
import type { PlaceOrder } from '#contracts'
import type { OutgoingMessage } from '#messaging'
import type { Infrastructure } from '#orchestration'
import { placeOrder } from '../shop/scenarios.ts'
import type { DemoStage } from './scenario.ts'

/** What the sandbox reads in an order: which card, and where to. */
type Words = { readonly paymentToken?: string; readonly postcode?: string }

/** Places an order through the API, as a customer does. */
export async function place(
  { address }: DemoStage,
  { paymentToken = 'tok_ok', postcode = '10115' }: Words = {},
  key: string = randomUUID(),
): Promise<string> {
  return await placeOrder(address('order'), { paymentToken, postcode }, key)
}

/** The command to place an order, as the API would say it. */
export function placeOrderMessage(
  { codec }: Pick<Infrastructure, 'codec'>,
  orderId: string,
): OutgoingMessage {
  const data: PlaceOrder = {
    orderId,
    customerId: 'customer-1',
    items: [{ sku: 'MUG-1', quantity: 2, unitPrice: 1450 }],
    amount: 2900,
    currency: 'EUR',
    paymentToken: 'tok_ok',
    shipTo: {
      name: 'Ada Lovelace',
      street: 'Marienstrasse 1',
      city: 'Berlin',
      postcode: '10115',
      country: 'DE',
    },
  }
  return codec.encode({ ...about(orderId), type: 'PlaceOrder', data })
}

export function cancelOrderMessage(
  { codec }: Pick<Infrastructure, 'codec'>,
  orderId: string,
): OutgoingMessage {
  const data = { orderId, reason: 'changed my mind' }
  return codec.encode({ ...about(orderId), type: 'CancelOrder', data })
}

/** An event about the order of which only the first bytes arrive. */
export function tornMessage({ codec }: Pick<Infrastructure, 'codec'>, orderId: string): OutgoingMessage {
  const data = { orderId, paymentId: 'pay-torn', amount: 2900, currency: 'EUR' }
  const whole = codec.encode({ ...about(orderId), type: 'PaymentCaptured', data })
  return { ...whole, value: whole.value?.subarray(0, 9) ?? null }
}

const about = (sagaId: string) => ({ id: randomUUID(), source: 'demo', sagaId, time: Date.now(), trace: {} })

/** Sends these, one after the other. */
export async function send(
  { broker }: Pick<Infrastructure, 'broker'>,
  ...messages: readonly OutgoingMessage[]
): Promise<void> {
  const producer = await broker.producer()
  try {
    for (const message of messages) await producer.send([message])
  } finally {
    await producer.close()
  }
}
