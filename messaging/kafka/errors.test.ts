import { describe, expect, test } from '@jest/globals'
import { isOwnershipLost, portError } from './errors.ts'

/** An error as kafkajs passes it on: Kafka's answer, wrapped by the retrier. */
function answer(type: string): Error {
  const protocol = Object.assign(new Error(type.toLowerCase()), { type })
  return new Error(protocol.message, { cause: protocol })
}

describe('an error of Kafka', () => {
  test.each(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'])('is a message too large for good: %s', (type) => {
    expect(portError('Sending failed', answer(type))).toMatchObject({
      name: 'TerminalError',
      code: 'CHORUS_MESSAGE_TOO_LARGE',
    })
  })

  test.each(['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED'])('is a refusal: %s', (type) => {
    expect(portError('Joining failed', answer(type))).toMatchObject({ code: 'CHORUS_KAFKA_FORBIDDEN' })
  })

  test('is a refusal when the credentials are wrong', () => {
    const error = Object.assign(new Error('no such user'), { name: 'KafkaJSSASLAuthenticationError' })
    expect(portError('Connecting failed', error)).toMatchObject({
      name: 'TerminalError',
      message: 'Connecting failed: no such user. Check the KAFKA_SASL_* settings.',
    })
  })

  test.each(['REQUEST_TIMED_OUT', 'NOT_LEADER_FOR_PARTITION', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN'])(
    'may pass: %s',
    (type) => expect(portError('Sending failed', answer(type))).toMatchObject({ name: 'RetryableError' }),
  )

  test('stays what it is when it is ours already, and keeps its cause when it is not', () => {
    const cause = answer('UNKNOWN_PRODUCER_ID')
    const ours = portError('Sending failed', cause)
    expect(ours.cause).toBe(cause)
    expect(portError('Sending again failed', ours)).toBe(ours)
  })

  test.each([
    ['REBALANCE_IN_PROGRESS', true],
    ['ILLEGAL_GENERATION', true],
    ['UNKNOWN_MEMBER_ID', true],
    // The group has only moved: the commit must be tried again.
    ['NOT_COORDINATOR_FOR_GROUP', false],
    ['REQUEST_TIMED_OUT', false],
  ])('says whether a commit came too late: %s', (type, late) => {
    expect(isOwnershipLost(answer(type))).toBe(late)
  })
})
