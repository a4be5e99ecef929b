import { expect, test } from '@jest/globals'
import { say } from './broker.fixtures.ts'
import { exclusiveProducer } from './exclusive-producer.ts'

const messages = say('topic', ['a-1'])

test('takes the next send after one that failed', async () => {
  const outcomes = [Promise.reject(new Error('lost')), Promise.resolve()]
  const producer = exclusiveProducer(() => outcomes.shift() ?? Promise.resolve())
  await expect(producer.send(messages)).rejects.toThrow('lost')
  await producer.send(messages)
})

test('lets a running send end before it closes, once, and takes none afterwards', async () => {
  const events: string[] = []
  const stored = Promise.withResolvers<void>()
  const producer = exclusiveProducer(
    () => stored.promise.then(() => void events.push('stored')),
    async () => void events.push('released'),
  )
  const sending = producer.send(messages)
  const closing = [producer.close(), producer.close()]
  await expect(producer.send(messages)).rejects.toMatchObject({ code: 'CHORUS_CLOSED' })
  stored.resolve()
  await Promise.all([sending, ...closing])
  expect(events).toEqual(['stored', 'released'])
})

test('has nothing to do for no messages', async () => {
  const producer = exclusiveProducer(() => Promise.reject(new Error('nothing to send')))
  await producer.send([])
})
