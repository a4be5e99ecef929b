export { findParts, isConcerned, type PartQuery, partsOf, type SagaPart } from './commands/parts.ts'
export { type SayOptions, sayAll, type WishOutcome } from './commands/say.ts'
export {
  commandWish,
  concernedParts,
  eventWish,
  fieldNames,
  type SagaCommandName,
  type Saying,
  signalContract,
  type Wish,
} from './commands/wishes.ts'
export { type OperatorContext, ownersIn, Refusal, type Verdict } from './context.ts'
export type { LetterWish } from './letters/attempt.ts'
export { type FollowedLetters, followLetters } from './letters/follow-letters.ts'
export { type Letter, type Letters, type Resolved, readLetters } from './letters/letters.ts'
export { type Payload, payloadOf } from './letters/payload.ts'
export { type Prospect, prospect } from './letters/prospect.ts'
export { type LetterOutcome, type LetterResult, type LetterRun, resolveLetters } from './letters/resolve.ts'
export { timeText } from './time-text.ts'
export { countTraffic, type Seen, type Traffic } from './traffic.ts'
