import type { OutgoingMessage, Producer } from './broker.ts'
import { TerminalError } from './errors.ts'

/**
 * A producer around `send` that refuses a call while another one is under way: two idempotent batches in flight lose messages
 * when the first one times out. `close` waits for the running call, then calls `release` once.
 */
export function exclusiveProducer(
  send: (messages: readonly OutgoingMessage[]) => Promise<void>,
  release: () => Promise<void> = async () => {},
): Producer {
  let running: Promise<void> | undefined
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    await running?.catch(() => {})
    await release()
  }

  return {
    async send(messages) {
      if (closing) throw new TerminalError('The producer is closed.', { code: 'CHORUS_CLOSED' })
      if (running) {
        throw new TerminalError('send() was called while another send() is under way: await the first one.', {
          code: 'CHORUS_OVERLAPPING_SEND',
        })
      }
      if (messages.length === 0) return
      running = send(messages).finally(() => {
        running = undefined
      })
      await running
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
