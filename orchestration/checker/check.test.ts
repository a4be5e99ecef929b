import { describe, expect, test } from '@jest/globals'
import type { Cast } from './cast.ts'
import { checkChoreography } from './check.ts'
import { book, data, type Hotel, hotel, hotelPart, say, saying } from './hotel.fixtures.ts'

const sentences = (cast: Cast<Hotel>) =>
  checkChoreography(cast).properties.flatMap(({ findings }) => findings.map(({ says }) => says))

const final = { type: 'final' }

describe('events', () => {
  const inOrder = hotelPart('guest', {
    initial: 'new',
    states: {
      new: { on: { Booked: 'booked', CheckedIn: 'lost' } },
      booked: { on: { CheckedIn: 'done' } },
      lost: {},
      done: final,
    },
  })

  test('of one topic come in their order', () => {
    const cast = hotel({ desk: saying('Booked', 'CheckedIn'), guest: inOrder })
    expect(sentences(cast)).toEqual(['no order of events takes the transition "new · CheckedIn" of guest'])
  })

  test('of two topics come in any order', () => {
    const called = { ...book, type: 'Thanked', after: 'Book' }
    const guest = hotelPart('guest', {
      initial: 'new',
      states: { new: { on: { Booked: 'done', Thanked: 'lost' } }, lost: { on: { Booked: {} } }, done: final },
    })
    const found = sentences(hotel({ desk: saying('Booked'), guest, sayings: [book, called] }))
    expect(found).toContainEqual(expect.stringMatching(/^guest waits in "lost" for Booked, and nothing/))
  })

  test('that come too early are kept for later, as the runtime keeps them', () => {
    const guest = hotelPart('guest', {
      initial: 'new',
      states: { new: { on: { Booked: 'booked' } }, booked: { on: { CheckedIn: 'done' } }, done: final },
    })
    expect(sentences(hotel({ desk: saying('CheckedIn', 'Booked'), guest }))).toEqual([])
  })

  test('may come once more under another id, if the cast says so', () => {
    const guest = hotelPart('guest', {
      initial: 'new',
      states: {
        new: { on: { Booked: 'booked' } },
        booked: { on: { Booked: 'twice', CheckedIn: 'done' } },
        twice: {},
        done: final,
      },
    })
    const desk = saying('Booked', 'CheckedIn')
    expect(sentences(hotel({ desk, guest }))).toEqual([
      'no order of events takes the transition "booked · Booked" of guest',
    ])
    expect(sentences(hotel({ desk, guest, repeats: 1 }))).toContainEqual(
      expect.stringMatching(/^guest waits in "twice"/),
    )
  })
})

describe('a call to the outside', () => {
  const invoking = (deadline?: number) =>
    hotelPart(
      'desk',
      {
        initial: 'new',
        states: {
          new: { on: { Book: 'calling' } },
          calling: { invoke: { id: 'seat', src: 'seat', onDone: 'done', onError: 'done' } },
          done: final,
        },
      },
      deadline,
    )
  const once = { name: 'one seat is given', holds: (_: unknown, { seats }: Hotel) => seats <= 1 }
  const atDone =
    (part: string, holds: (world: Hotel) => boolean) =>
    (scene: Readonly<Record<string, string>>, world: Hotel) =>
      scene[part] !== 'done' || holds(world)
  const given = {
    name: 'who is done has a seat',
    holds: atDone('desk', ({ seats }) => seats > 0),
  }
  const outside = (calls: Cast<Hotel>['outside']['calls']) => ({ initial: { seats: 0 }, calls })

  test('is made again when its answer is lost', () => {
    const found = sentences(hotel({ desk: invoking(), invariants: [once] }))
    expect(found).toContainEqual(expect.stringMatching(/^"one seat is given" does not hold/))
  })

  test('does nothing more when the outside knows that it is the same', () => {
    const seat = (world: Hotel, { repeated }: { repeated: boolean }) => [
      { world: repeated ? world : { seats: world.seats + 1 }, done: {} },
    ]
    const found = sentences(hotel({ desk: invoking(), invariants: [once], outside: outside({ seat }) }))
    expect(found).toEqual([
      'no order of events takes the transition "calling · xstate.error.actor.seat" of desk',
    ])
  })

  test('may be refused', () => {
    const seat = (world: Hotel) => [{ world, refused: 'full' }]
    const found = sentences(hotel({ desk: invoking(), invariants: [given], outside: outside({ seat }) }))
    expect(found).toContainEqual(expect.stringMatching(/^"who is done has a seat" does not hold/))
  })

  test('that nobody waits for any more may still arrive', () => {
    const desk = hotelPart(
      'desk',
      {
        initial: 'new',
        states: {
          new: { on: { Book: 'calling' } },
          calling: { invoke: { id: 'seat', src: 'seat', onDone: 'seated', onError: 'undoing' } },
          undoing: {
            invoke: { id: 'undo', src: 'seat', input: { undo: true }, onDone: 'done', onError: 'undoing' },
          },
          seated: final,
          done: final,
        },
      },
      1_000,
    )
    const seat = (world: Hotel, { input, repeated }: { input: unknown; repeated: boolean }) => {
      const isUndo = input !== null
      if (repeated) return [{ world, done: {} }]
      return [{ world: { seats: isUndo ? 0 : world.seats + 1 }, done: {} }]
    }
    const none = { name: 'who gave up has no seat', holds: atDone('desk', ({ seats }) => seats === 0) }
    const report = checkChoreography(hotel({ desk, invariants: [none], outside: outside({ seat }) }))
    const [finding] = report.properties.flatMap(({ findings }) => findings)
    expect(finding?.story?.happenings.at(-1)).toMatchObject({ kind: 'late', what: 'a late seat arrives' })
  })

  test('of which the cast does not know how it may go is an error', () => {
    expect(() => checkChoreography(hotel({ desk: invoking(), outside: outside({}) }))).toThrow(
      'the cast does not say how "seat" may go: add it to outside.calls',
    )
  })
})

describe('a participant', () => {
  test('that waits for what cannot come any more is found, with what it waits for', () => {
    const desk = hotelPart('desk', {
      initial: 'new',
      states: { new: { on: { Book: 'open' } }, open: { on: { Sat: 'done', Left: 'done' } }, done: final },
    })
    expect(sentences(hotel({ desk }))).toContain(
      'desk waits in "open" for Sat or Left, and nothing that can still happen brings that: desk is open',
    )
  })

  test('may wait for an operator, who comes when he is wanted', () => {
    const desk = hotelPart('desk', {
      initial: 'new',
      states: { new: { on: { Book: 'open' } }, open: { on: { Hurry: 'done' } }, done: final },
    })
    const hurry = { from: 'operator', type: 'Hurry', data, after: 'Book' }
    expect(sentences(hotel({ desk, sayings: [book, { ...hurry, times: 'whenever' }] }))).toEqual([])
    expect(sentences(hotel({ desk, sayings: [book, { ...hurry, times: 1 }] }))).toContainEqual(
      expect.stringMatching(/^desk waits in "open" for Hurry/),
    )
  })

  test('that goes on for ever and never ends is found', () => {
    const desk = hotelPart('desk', {
      initial: 'new',
      states: {
        new: { on: { Book: 'tick' } },
        tick: { after: { 10: 'tock' } },
        tock: { after: { 10: 'tick' } },
        done: final,
      },
    })
    expect(sentences(hotel({ desk }))).toContainEqual(
      expect.stringMatching(/^it goes on for ever and never ends: desk is tick/),
    )
  })

  test('that throws is found', () => {
    const fail = () => {
      throw new Error('no such room')
    }
    const desk = hotelPart('desk', {
      initial: 'new',
      states: { new: { on: { Book: { target: 'done', guard: fail } } }, done: final },
    })
    expect(sentences(hotel({ desk }))).toContainEqual(
      expect.stringMatching(/^desk cannot go on from "absent": .*no such room/),
    )
  })

  test('that nobody ever starts is found by the events that it is told', () => {
    const guest = hotelPart('guest', {
      initial: 'new',
      states: {
        new: { on: { CheckedIn: 'done' } },
        open: { on: { Booked: 'done' } },
        done: { on: { Booked: {} } },
      },
    })
    const found = sentences(
      hotel({
        desk: saying('Booked'),
        guest,
        outcomes: { done: { desk: ['done'], guest: ['absent', 'done'] } },
      }),
    )
    expect(found).toContain(
      'guest is told Booked, and nobody ever starts it: the event goes to the dead letters',
    )
    expect(found).toContain('guest waits for CheckedIn, which nobody ever says')
  })

  test('that is final when it is asked to give something back is found', () => {
    const guest = hotelPart('guest', {
      initial: 'new',
      states: { new: { on: { Booked: 'done', Lapsed: {} } }, done: final },
    })
    const cast = hotel({ desk: saying('Booked', 'Lapsed'), guest })
    const members = cast.members.map((member) => ({ ...member, compensations: { Lapsed: ['refused'] } }))
    expect(sentences({ ...cast, members })).toContain(
      'guest is final in "done" when Lapsed comes: nobody gives back what it still has',
    )
  })
})

describe('a report', () => {
  const ticking = (count: number) =>
    hotel({
      desk: hotelPart('desk', {
        context: { n: 0 },
        initial: 'new',
        states: { new: { on: { Book: 'done' } }, done: final },
      }),
      sayings: [{ ...book, times: count }],
    })

  test('says that nothing is proven when the bound was met', () => {
    const report = checkChoreography(ticking(50), { maxStates: 20 })
    expect(report).toMatchObject({ complete: false, isSound: false })
    expect(report.properties.filter(({ isJudged }) => !isJudged).length).toBeGreaterThan(0)
  })

  test('is the same for the same cast', () => {
    const { took: _, ...one } = checkChoreography(ticking(5))
    const { took: __, ...other } = checkChoreography(ticking(5))
    expect(one).toEqual(other)
  })
})

test('what is said and what is heard is told by its shortest story', () => {
  const guest = hotelPart('guest', {
    initial: 'new',
    states: { new: { on: { Booked: { target: 'done', actions: say('Noted') } } }, done: final },
  })
  const never = {
    name: 'the guest is never done',
    holds: ({ guest }: { guest?: string }) => guest !== 'done',
  }
  const [invariant] = checkChoreography(
    hotel({ desk: saying('Booked'), guest, invariants: [never] }),
  ).properties.flatMap(({ findings }) => findings)
  expect(invariant?.story?.happenings.map(({ from, to, what }) => [from, to, what])).toEqual([
    ['caller', 'outside', 'Book'],
    ['caller', 'desk', 'Book'],
    ['desk', 'guest', 'Booked'],
  ])
})
