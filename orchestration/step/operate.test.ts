import { describe, expect, test } from '@jest/globals'
import { desk, deskOf } from '../booking.fixtures.ts'
import { booked, command, notes, poison } from './held.fixtures.ts'
import { pureSaga } from './pure-saga.fixtures.ts'

describe('an operator', () => {
  test('who says an event stands in its row with the reason, taken in at once or kept for later', () => {
    const saga = pureSaga(desk())
    const asked = { by: 'ada', reason: 'the guest has called' }
    const say = (id: string, type: string, who: object) =>
      saga.take({
        kind: 'event',
        event: { id, type, source: 'operator', sagaId: 'saga-1', time: 1, trace: {}, data: { n: 1 }, ...who },
        at: { topic: 'desk.control', partition: 3, offset: id },
      })
    expect(say('1', 'Noted', asked)).toMatchObject({ outcome: 'deferred', cause: asked, deferred: asked })
    expect(say('2', 'Book', asked)).toMatchObject({ outcome: 'applied', cause: asked })
    expect(say('3', 'Noted', {})).not.toHaveProperty('cause.by')
  })

  test('pauses a saga and has it go on', () => {
    const saga = booked()
    command(saga, 'pause')
    expect(saga.last()).toMatchObject({
      outcome: 'applied',
      held: { code: 'CHORUS_PAUSED', reason: 'mended' },
    })
    saga.hear('Noted', { n: 1 })
    expect(notes(saga)).toEqual([])
    command(saga, 'resume')
    expect(notes(saga)).toEqual([1])
  })

  test('is told in the row why a command comes to nothing', () => {
    const saga = booked()
    command(saga, 'resume')
    expect(saga.last()).toMatchObject({ outcome: 'ignored', cause: { by: 'ada', error: 'it is not paused' } })
    command(saga, 'discard', 'saga-1:1')
    expect(saga.last()).toMatchObject({
      outcome: 'ignored',
      cause: { error: expect.stringContaining('nothing') },
    })
    command(saga, 'retry')
    expect(saga.last().outcome).toBe('ignored')
    command(saga, 'pause')
    command(saga, 'pause')
    expect(saga.last().outcome).toBe('ignored')
  })

  test('does not end a letter by resuming, nor a pause by discarding', () => {
    const saga = booked()
    poison(saga)
    command(saga, 'resume')
    expect(saga.head?.held).toHaveLength(1)
    command(saga, 'pause')
    command(saga, 'discard', saga.last()._id)
    expect(saga.head?.held).toHaveLength(2)
  })

  test('has an effect that waits for its next attempt try at once', () => {
    const seat = { id: 'seat', src: 'seat', onDone: 'b', onError: 'b' }
    const states = { a: { on: { Book: 'work' } }, work: { invoke: seat }, b: {} }
    const saga = pureSaga(deskOf({ initial: 'a', states }, { seat: { run: async () => 1 } }))
    saga.hear('Book')
    const key = saga.head?.effects[0]?.key ?? ''
    saga.take({ kind: 'retry', key, error: 'refused', notBefore: 60_000 })
    command(saga, 'retry')
    expect(saga.last()).toMatchObject({
      outcome: 'applied',
      effects: { started: [{ key, notBefore: 1_000, failures: 1 }] },
    })
  })

  test('who sends a command twice commands once', () => {
    const saga = booked()
    command(saga, 'pause', undefined, 'once')
    expect(command(saga, 'pause', undefined, 'once')).toBe('duplicate')
  })
})
