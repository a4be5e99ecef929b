import type { CancelOrder, PlaceOrder } from '#contracts'
import { RetryableError } from '#messaging'
import { activeTraceContext, describeActiveSpan, telemetryNames } from '#observability'
import type { OrderApi } from './dependencies.ts'
import { inTime } from './in-time.ts'
import { temporary } from './problems.ts'

type Command = {
  /** Event id: sending a command again under its id changes nothing. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly time: number
} & (
  | { readonly type: 'PlaceOrder'; readonly data: PlaceOrder }
  | { readonly type: 'CancelOrder'; readonly data: CancelOrder }
)

/**
 * Resolves once the command is in Kafka (`acks=all`); rejects with the problem `outcome-unknown` when that is not certain in time. It may
 * still arrive then, however late: the order's inbox knows its id.
 */
export type SendCommand = (command: Command) => Promise<void>

export function commandSender({
  codec,
  send,
  clock,
  limits,
}: Pick<OrderApi, 'codec' | 'send' | 'clock' | 'limits'>): SendCommand {
  return async ({ id, type, time, data }) => {
    describeActiveSpan({ [telemetryNames.attributes.sagaId]: data.orderId, 'order.id': data.orderId })
    const message = codec.encode({
      id,
      type,
      source: 'order-api',
      sagaId: data.orderId,
      time,
      trace: activeTraceContext(),
      data,
    })
    try {
      await inTime(send(message), limits.sendMs, clock)
    } catch (cause) {
      if (cause instanceof RetryableError && cause.code === 'CHORUS_SENDER_FULL') {
        throw temporary('too-busy', 'Too many commands wait for Kafka; this one was not sent.', { cause })
      }
      throw temporary(
        'outcome-unknown',
        'Kafka did not acknowledge the command. Repeat the request with the same Idempotency-Key: nothing happens twice.',
        { cause },
      )
    }
  }
}
