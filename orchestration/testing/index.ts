export type { Duration } from './duration.ts'
export type { Expectation } from './expectation.ts'
export { type Given, given, type When } from './given.ts'
export {
  type Answer,
  answer,
  catchUp,
  type Happening,
  type Lag,
  lag,
  type Passing,
  type Refusal,
  refusal,
  type SpokenEvent,
  timePasses,
} from './happenings.ts'
export { type Later, later, type StandIn, silence } from './stand-ins.ts'
export {
  type GivenStory,
  type StoryExpectation,
  type StoryHappening,
  type StoryOptions,
  story,
  type WhenStory,
} from './story.ts'
export { type Subject, sagaId } from './subject.ts'
