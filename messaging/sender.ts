import type { OutgoingMessage, Producer } from './broker.ts'

/** Lets many callers send at once through one producer: what arrives while a request is under way goes into the next. */
export type Sender = {
  /** Resolves once the message is stored (`acks=all`); rejects like `Producer.send`, together with the batch it went in. */
  send(message: OutgoingMessage): Promise<void>
  close(): Promise<void>
}

type Waiting = {
  readonly message: OutgoingMessage
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export function sender(producer: Producer): Sender {
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
    send(message) {
      return new Promise((resolve, reject) => {
        queue.push({ message, resolve, reject })
        if (!running) void run()
      })
    },
    close: () => producer.close(),
  }
}
