import { expect, test } from '@jest/globals'
import { type OutgoingMessage, type Producer, RetryableError, TerminalError } from '#messaging'
import { sendAll } from './send.ts'

const messageOf = (size: number): OutgoingMessage => ({
  topic: 't',
  key: 'k',
  value: Buffer.alloc(size),
  headers: {},
})

function producer(refuse: (sizes: readonly number[]) => Error | undefined) {
  const sent: number[][] = []
  const fake: Producer = {
    async send(messages) {
      const sizes = messages.map(({ value }) => value?.length ?? 0)
      const error = refuse(sizes)
      if (error) throw error
      sent.push(sizes)
    },
    async close() {},
  }
  return { sent, fake }
}

test('a batch has 100 messages and 4 MiB at most; what is larger goes alone', async () => {
  const { sent, fake } = producer(() => undefined)
  const mega = 1024 * 1024
  const sizes = [3 * mega, mega, 1, 5 * mega, ...Array(150).fill(2)]
  const counts: number[] = []
  await sendAll(fake, sizes, messageOf, { onSent: (count) => counts.push(count), onRefused() {} })
  expect(sent.map((batch) => batch.length)).toEqual([2, 1, 1, 100, 50])
  expect(counts.at(-1)).toBe(154)
})

test('a message that the broker refuses for good does not keep the others back', async () => {
  const { sent, fake } = producer((sizes) => (sizes.includes(7) ? new TerminalError('too large') : undefined))
  const refused: number[] = []
  await sendAll(fake, [1, 7, 2], messageOf, { onRefused: (size) => refused.push(size) })
  expect({ sent, refused }).toEqual({ sent: [[1], [2]], refused: [7] })
})

test('a broker that does not answer ends it', async () => {
  const { fake } = producer(() => new RetryableError('away'))
  await expect(sendAll(fake, [1], messageOf, { onRefused() {} })).rejects.toThrow('away')
})
