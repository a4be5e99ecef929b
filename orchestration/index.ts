export { type Clock, systemClock } from './clock.ts'
export type { Effect, EffectCall, Retry } from './effect.ts'
export { fold } from './head.ts'
export { readConfig } from './host/config.ts'
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
export type * from './journal.ts'
export { memoryStore } from './memory-store.ts'
export { connectMongo } from './mongo/connection.ts'
export { mongoStore } from './mongo-store.ts'
export { type EffectsOf, type Participant, type ParticipantOptions, participant } from './participant.ts'
export { type RunningParticipant, type RunOptions, runParticipant } from './run-participant.ts'
export { definitionsTopic, type SagaDefinition, type SagaStep, stepsTopic } from './saga-steps.ts'
export { type Decision, decide, type Incoming } from './step.ts'
export type { DueHead, HeadQuery, InsertResult, Store } from './store.ts'
export type { Definitions } from './tracker/definitions.ts'
export { stateName } from './tracker/machine-definition.ts'
export { memoryStoryStore } from './tracker/memory-story-store.ts'
export { mongoStoryStore } from './tracker/mongo-story-store.ts'
export { type RunningTracker, runTracker, type TrackerOptions } from './tracker/run-tracker.ts'
export type { Part, Story } from './tracker/saga-machine.ts'
export { sentence, type Viewpoint, waitsFor } from './tracker/sentence.ts'
export type { StoryQuery, StoryStore } from './tracker/story-store.ts'
export { type TimelineEntry, timeline } from './tracker/timeline.ts'
