export type { Cast, Invariant, Member, Outside, Reply, Saying, Scene } from './checker/cast.ts'
export { checkChoreography, type Report } from './checker/check.ts'
export type { Finding } from './checker/property.ts'
export { findingText, reportText } from './checker/report.ts'
export { type Clock, pause, systemClock } from './clock.ts'
export { type Command, type Control, controlMessage, controlTopic } from './control.ts'
export { type Difference, differences } from './differences.ts'
export type { Dependency, Effect, EffectCall, Retry } from './effects/effect.ts'
export { readConfig } from './host/config.ts'
export { housekeepingFrom } from './host/housekeeping.ts'
export { type HttpServer, healthEndpoints, serveHttp } from './host/http.ts'
export { type HttpCall, postEffect } from './host/http-call.ts'
export {
  connectInfrastructure,
  type Environment,
  type Infrastructure,
  memoryInfrastructure,
  type Readiness,
} from './host/infrastructure.ts'
export { runParticipantService } from './host/participant-service.ts'
export { type RunningService, runService, type Service, type ServiceContext } from './host/service.ts'
export { purgeMargin } from './housekeeping/age-bound.ts'
export type { Archive, ArchivedSaga } from './housekeeping/archive.ts'
export type { HousekeepingWishes } from './housekeeping/housekeeping.ts'
export type * from './journal.ts'
export { type Edge, edgesOf } from './machine/edges.ts'
export { eventName } from './machine/event-name.ts'
export { memoryStore } from './memory-store.ts'
export { connectMongo } from './mongo/connection.ts'
export { asking } from './mongo/errors.ts'
export { insertNew } from './mongo/insert-new.ts'
export { mongoStore } from './mongo-store.ts'
export { type EffectsOf, type Participant, type ParticipantOptions, participant } from './participant.ts'
export { type Heard, heardIn, incomingOf } from './replay/incoming.ts'
export { type Divergence, type Replayed, replay } from './replay/replay.ts'
export { type ReplayReport, replaySagas, type SagaJournals } from './replay/replay-sagas.ts'
export { type DivergenceGroup, grouped, sentenceOf, twoWaysOn } from './replay/report.ts'
export { telling } from './replay/telling.ts'
export { type RunningParticipant, type RunOptions, runParticipant } from './run-participant.ts'
export { definitionsTopic, type SagaDefinition, type SagaStep, stepsTopic } from './saga-steps.ts'
export { fold } from './step/head.ts'
export { type Decision, decide, type Incoming } from './step/step.ts'
export type { DueHead, HeadQuery, InsertResult, Store } from './store.ts'
export type { Definitions } from './tracker/definitions.ts'
export type { Rebuild } from './tracker/follow-generations.ts'
export {
  type GroupReading,
  type LagReading,
  type PartitionReading,
  secondsBehind,
} from './tracker/lag/watch-lag.ts'
export { delayName, stateName } from './tracker/machine-definition.ts'
export { memoryStoryStore } from './tracker/memory-story-store.ts'
export { type Milestone, type Passed, passed } from './tracker/milestones.ts'
export { mongoStoryShelf } from './tracker/mongo-story-shelf.ts'
export { mongoStoryStore } from './tracker/mongo-story-store.ts'
export type { Rates } from './tracker/rates.ts'
export {
  type RunningTracker,
  runTracker,
  type TrackerNews,
  type TrackerOptions,
} from './tracker/run-tracker.ts'
export type { Part, SagaState, Story } from './tracker/saga-machine.ts'
export {
  fieldsOf,
  keyIn,
  type Page,
  type Place,
  pageOf,
  type StoryOrder,
  type StoryQuery,
} from './tracker/story-fields.ts'
export { memoryStoryShelf, type StoryShelf } from './tracker/story-shelf.ts'
export type { StoryStore } from './tracker/story-store.ts'
export { type Survey, type Surveyed, surveys } from './tracker/survey.ts'
export { type TimelineEntry, timeline } from './tracker/timeline.ts'
export { overdueAfter } from './tracker/why/overdue.ts'
export { waitsFor } from './tracker/why/parts.ts'
export { type CauseKind, causeKinds, type Viewpoint, type Why } from './tracker/why/rule.ts'
export { sentence, whyOf } from './tracker/why/why.ts'
