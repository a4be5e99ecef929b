import { randomUUID } from 'node:crypto'
import type { OutgoingMessage } from '#messaging'
import type { Infrastructure } from '#orchestration'
import { amount, type Choice, placeOrderCommand, straight } from '../shop/example-order.ts'
import { placeOrder } from '../shop/scenarios.ts'
import type { DemoStage } from './scenario.ts'

/** Places an order through the API, as a customer does. */
export async function place(
  { address }: DemoStage,
  choice: Partial<Choice> = {},
  key: string = randomUUID(),
): Promise<string> {
  return await placeOrder(address('order'), { ...straight, ...choice }, key)
}

/** The command to place an order, as the API would say it. */
export function placeOrderMessage(
  { codec }: Pick<Infrastructure, 'codec'>,
  orderId: string,
): OutgoingMessage {
  return codec.encode({ ...about(orderId), type: 'PlaceOrder', data: placeOrderCommand(orderId) })
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
  const data = { orderId, paymentId: 'pay-torn', amount, currency: 'EUR' }
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
