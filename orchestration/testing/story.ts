import { TerminalError } from '#messaging'
import type { JournalRow } from '../journal.ts'
import { demand } from './complaint.ts'
import { asExpected, nameOf } from './expectation.ts'
import type { Answer, Lag, Passing, Refusal, SpokenEvent } from './happenings.ts'
import { emptyStage, pendingOf, rowsOf } from './stage.ts'
import type { StandIn } from './stand-ins.ts'
import { answerTo, copyOf, passTime, type Said, sayOutside, setLag, type World } from './story-world.ts'
import { participantOf, type Subject, sagaId as usualSaga } from './subject.ts'

export type StoryOptions = {
  /** Who takes part. Of those who listen to an event, whoever stands first hears it first. */
  readonly participants: readonly Subject[]
  /** By actor. One that is not here stays silent. */
  readonly effects?: Readonly<Record<string, StandIn>>
  /** Default: the `sagaId` of this door. */
  readonly sagaId?: string
}

/** An event that somebody outside says, what becomes of an effect that was silent, time, or a topic that lags. */
export type StoryHappening = SpokenEvent | Answer | Refusal | Passing | Lag

/** What must be so after `when`. Whatever is left out is not looked at. */
export type StoryExpectation = {
  /** Everything that participants said since `when`, in order: `'kitchen: MealServed'`, or whole events. */
  readonly said?: readonly (string | SpokenEvent)[]
  /** By participant: its state's value or name; `null` when it was never started. */
  readonly states?: Readonly<Record<string, string | object | null>>
  /** What is waited for, in any order: `'kitchen: cook'`, `'kitchen: after patience'`. */
  readonly pending?: readonly string[]
}

/** A story up to here. It never changes, so that several tests may go on from it. */
export type GivenStory = {
  /** One after the other; each with all that comes of it, up to where only time or somebody outside can go on. */
  when(...happenings: readonly StoryHappening[]): WhenStory
}

export type WhenStory = {
  /** Throws an `Error` that tells every difference, and the whole story. */
  then(expected: StoryExpectation): GivenStory
  /** The journals that production would have, by participant. */
  journals(): Readonly<Record<string, readonly JournalRow[]>>
}

/**
 * A whole saga in memory: events travel between the participants as the contracts place them, effects are answered by the test, and
 * time passes only when told to. It always goes the same way: everything that was said is heard first, in order, then one effect is called.
 */
export function story({ participants, effects = {}, sagaId = usualSaga }: StoryOptions): GivenStory {
  const stages = participants.map((subject) => emptyStage(participantOf(subject), sagaId))
  return goingOn({
    effects,
    now: 0,
    stages,
    underWay: [],
    lagging: new Set(),
    calls: new Map(),
    said: [],
    told: [],
  })
}

function goingOn(before: World): GivenStory {
  return {
    when(...happenings) {
      const after = copyOf(before)
      for (const happening of happenings) happen(after, happening)
      return {
        // biome-ignore lint/suspicious/noThenProperty: the words of the trade are given, when, then; awaiting it is refused.
        then(expected) {
          if (typeof expected === 'function') throw new Error('a story is not awaited')
          expectStory(after, after.said.slice(before.said.length), expected)
          return goingOn(after)
        },
        journals: () => Object.fromEntries(after.stages.map(({ part, steps }) => [part.name, rowsOf(steps)])),
      }
    },
  }
}

function happen(world: World, happening: StoryHappening): void {
  // An event may have fields of any name; what else can happen has no type.
  if ('type' in happening) sayOutside(world, happening as SpokenEvent)
  else if ('passes' in happening) passTime(world, happening.passes)
  else if ('lags' in happening) setLag(world, happening.topic, happening.lags)
  else if ('answers' in happening) answerTo(world, happening.answers, { output: happening.with })
  else answerTo(world, happening.refuses, new TerminalError(happening.message, { code: happening.code }))
}

function expectStory(world: World, said: readonly Said[], expected: StoryExpectation): void {
  const { stages } = world
  const found = stages.map(({ part, head }) => [part.name, nameOf(head?.state?.value ?? null)] as const)
  const wanted = Object.entries(expected.states ?? {})
  const by = new Map(said.map(({ by, event }) => [event, by]))
  demand(
    {
      ...(expected.said && { said: expected.said }),
      ...(expected.states && {
        states: Object.fromEntries(wanted.map(([name, state]) => [name, nameOf(state)])),
      }),
      ...(expected.pending && { pending: expected.pending.toSorted() }),
    },
    {
      said: asExpected(
        said.map(({ event }) => event),
        expected.said ?? [],
        (event) => `${by.get(event)}: ${event.type}`,
      ),
      states: Object.fromEntries(found.filter(([name]) => expected.states && name in expected.states)),
      pending: stages
        .flatMap((stage) => pendingOf(stage).map((what) => `${stage.part.name}: ${what}`))
        .sort(),
    },
    world.told,
  )
}
