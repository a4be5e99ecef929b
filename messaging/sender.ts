import type { OutgoingMessage, Producer } from './broker.ts'
import { RetryableError } from './errors.ts'

/** Lets many callers send at once through one producer: what arrives while a request is under way goes into the next. */
export type Sender = {
  /**
   * Resolves once the message is stored (`acks=all`); rejects like `Producer.send`, together with the batch it went in. With too many
   * waiting it rejects at once with a `RetryableError` (`CHORUS_SENDER_FULL`), and nothing was sent.
   */
  send(message: OutgoingMessage): Promise<void>
  close(): Promise<void>
}

type Waiting = {
  readonly message: OutgoingMessage
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * A message whose caller no longer waits is still sent, however late: give each one an id that its readers know again. At most
 * `capacity` messages (default 1,000) wait behind the request that is under way.
 */
export function sender(producer: Producer, { capacity = 1_000 }: { capacity?: number } = {}): Sender {
  let queue: Waiting[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    while (queue.length > 0) {
      const batch = queue
      queue = []
      await producer.send(batch.map(({ message }) => message)).then(
        () => batch.forEach(({ resolve }) => void resolve()),
        (error) => batch.forEach(({ reject }) => void reject(error)),
      )
    }
    running = false
  }

  return {
    async send(message) {
      if (queue.length >= capacity) {
        throw new RetryableError(`${capacity} messages wait to be sent already.`, {
          code: 'CHORUS_SENDER_FULL',
        })
      }
      await new Promise<void>((resolve, reject) => {
        queue.push({ message, resolve, reject })
        if (!running) void run()
      })
    },
    close: () => producer.close(),
  }
}
