import type { OutgoingMessage, Producer } from './broker.ts'
import { RetryableError } from './errors.ts'
import { together } from './together.ts'

/** Lets many callers send at once through one producer: what arrives while a request is under way goes into the next. */
export type Sender = {
  /**
   * Resolves once the message is stored (`acks=all`); rejects like `Producer.send`, together with the batch it went in. With too many
   * waiting it rejects at once with a `RetryableError` (`CHORUS_SENDER_FULL`), and nothing was sent.
   */
  send(message: OutgoingMessage): Promise<void>
  close(): Promise<void>
}

/**
 * A message whose caller no longer waits is still sent, however late: give each one an id that its readers know again. At most
 * `capacity` messages (default 1,000) wait behind the request that is under way.
 */
export function sender(producer: Producer, { capacity = 1_000 }: { capacity?: number } = {}): Sender {
  let waiting = 0
  const sendTogether = together(async (messages: readonly OutgoingMessage[]) => {
    waiting -= messages.length
    await producer.send(messages)
    return messages.map(() => undefined)
  })

  return {
    async send(message) {
      if (waiting >= capacity) {
        throw new RetryableError(`${capacity} messages wait to be sent already.`, {
          code: 'CHORUS_SENDER_FULL',
        })
      }
      waiting++
      await sendTogether(message)
    },
    close: () => producer.close(),
  }
}
