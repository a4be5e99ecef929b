import { describe, expect, test } from '@jest/globals'
import { until } from '../broker.fixtures.ts'
import { type Watchdog, watchdog } from './watchdog.ts'

const EVERY_MS = 5

/** A watched consumer whose broker answers `answer`; stops its watchdog after `run`. */
async function watched(
  answer: () => Promise<string | undefined>,
  run: (at: { dog: Watchdog; asked: () => number; stuck: string[] }) => Promise<void>,
): Promise<void> {
  let asked = 0
  const stuck: string[] = []
  const ask = () => {
    asked += 1
    return answer()
  }
  const dog = watchdog(EVERY_MS, ask, (sentence) => stuck.push(sentence))
  try {
    await run({ dog, asked: () => asked, stuck })
  } finally {
    dog.stop()
  }
}

describe('the watchdog', () => {
  test('reports a consumer that is handed nothing though records wait, at the second look', () =>
    watched(
      async () => '7 records wait',
      async ({ asked, stuck }) => {
        await until('it reports', () => stuck.length > 0)
        expect(stuck[0]).toBe('7 records wait')
        expect(asked()).toBe(2)
      },
    ))

  test('leaves a consumer alone that has nothing to read', () =>
    watched(
      async () => undefined,
      async ({ asked, stuck }) => {
        await until('it has looked five times', () => asked() >= 5)
        expect(stuck).toEqual([])
      },
    ))

  test('leaves a consumer alone while Kafka cannot be asked', () =>
    watched(
      async () => {
        throw new Error('Kafka is away')
      },
      async ({ asked, stuck }) => {
        await until('it has looked five times', () => asked() >= 5)
        expect(stuck).toEqual([])
      },
    ))

  test('leaves a consumer alone that gets on between two looks', () => {
    let dog: Watchdog | undefined
    return watched(
      async () => {
        dog?.progress()
        return '7 records wait'
      },
      async (at) => {
        dog = at.dog
        await until('it has looked five times', () => at.asked() >= 5)
        expect(at.stuck).toEqual([])
      },
    )
  })
})
