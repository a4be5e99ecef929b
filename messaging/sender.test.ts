import { describe, expect, test } from '@jest/globals'
import type { OutgoingMessage, Producer } from './broker.ts'
import { RetryableError } from './errors.ts'
import { sender } from './sender.ts'

const message = (key: string): OutgoingMessage => ({ topic: 'commands', key, value: null, headers: {} })

/** A producer whose requests are answered by hand. */
function heldProducer() {
  const requests: { keys: string[]; resolve: () => void; reject: (error: unknown) => void }[] = []
  const producer: Producer = {
    send: (messages) =>
      new Promise((resolve, reject) =>
        requests.push({ keys: messages.map(({ key }) => key), resolve, reject }),
      ),
    close: async () => {},
  }
  return { producer, requests }
}

describe('a sender', () => {
  test('sends the first message at once and everything that arrives meanwhile in the next request', async () => {
    const { producer, requests } = heldProducer()
    const { send } = sender(producer)
    const sent = ['a', 'b', 'c'].map((key) => send(message(key)))
    expect(requests.map(({ keys }) => keys)).toEqual([['a']])
    requests[0]?.resolve()
    await sent[0]
    await new Promise(setImmediate)
    expect(requests.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c']])
    requests[1]?.resolve()
    await Promise.all(sent)
  })

  test('tells every caller of a failed request, and goes on with the next', async () => {
    const { producer, requests } = heldProducer()
    const { send } = sender(producer)
    const first = send(message('a'))
    const second = send(message('b'))
    requests[0]?.reject(new RetryableError('the broker does not answer'))
    await expect(first).rejects.toThrow('the broker does not answer')
    await new Promise(setImmediate)
    requests[1]?.resolve()
    await expect(second).resolves.toBeUndefined()
  })

  test('refuses at once what it has no room for, and takes more when the broker has answered', async () => {
    const { producer, requests } = heldProducer()
    const { send } = sender(producer, { capacity: 2 })
    const sent = ['a', 'b', 'c'].map((key) => send(message(key)))
    await expect(send(message('d'))).rejects.toMatchObject({ code: 'CHORUS_SENDER_FULL' })
    requests[0]?.resolve()
    await sent[0]
    await new Promise(setImmediate)
    const late = send(message('e'))
    requests[1]?.resolve()
    await Promise.all(sent)
    await new Promise(setImmediate)
    requests[2]?.resolve()
    await late
    expect(requests.map(({ keys }) => keys)).toEqual([['a'], ['b', 'c'], ['e']])
  })
})
