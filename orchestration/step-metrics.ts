import { counter, errorType, histogram, oncePer, secondsSince, telemetryNames } from '#observability'
import type { Head, JournalRow } from './journal.ts'
import { topLevelStates } from './machine/state-value.ts'
import type { Participant } from './participant.ts'

const { attributes, metrics } = telemetryNames

/** What the steps of a participant add to the metrics. Times that something `began` are of `performance.now()`. */
export type StepMetrics = {
  /** What was to be taken in has its row, or is known to need none. */
  taken(cause: string, outcome: string, began: number): void
  /** This row was stored, on top of this head. */
  stored(row: JournalRow, before: Head | null): void
}

export function stepMetrics({ name }: Pick<Participant, 'name'>): StepMetrics {
  const who = { [attributes.sagaParticipant]: name }
  const steps = histogram(metrics.stepDuration)
  const started = counter(metrics.sagaStarted)
  const lives = histogram(metrics.sagaDuration)
  const letters = counter(metrics.deadLetters)
  // A series that begins with its first letter would hide just this one from `increase()`.
  letters.add(0, who)
  const step = oncePer((cause: string) =>
    oncePer((outcome: string) => ({
      ...who,
      [attributes.sagaCause]: cause,
      [attributes.sagaOutcome]: outcome,
    })),
  )
  const end = oncePer((state: string) => ({ ...who, [attributes.sagaState]: state }))

  return {
    taken: (cause, outcome, began) => steps.record(secondsSince(began), step(cause)(outcome)),
    stored(row, before) {
      const { state, at } = row
      if (state !== null && !before?.state) started.add(1, who)
      if (isOver(state) && !isOver(before?.state)) {
        const life = at - (before?.startedAt ?? at)
        lives.record(life / 1_000, end(topLevelStates(state?.value).join(', ')))
      }
      if (row.letters) letters.add(row.letters.length, who)
    },
  }
}

function isOver(state: Head['state'] | undefined): boolean {
  return !!state && state.status !== 'active'
}

/** What the records of a participant add to the metrics. */
export type RecordMetrics = {
  /** A record was taken in, or with an error was not. */
  processed(topic: string, began: number, error?: unknown): void
  /** A record that holds no saga went to the dead letters. */
  givenUp(): void
}

export function recordMetrics({ name }: Pick<Participant, 'name'>): RecordMetrics {
  const processing = histogram(metrics.processDuration)
  const letters = counter(metrics.deadLetters)
  const from = oncePer((topic: string) => ({
    [attributes.messagingSystem]: 'kafka',
    [attributes.operationName]: 'process',
    [attributes.destinationName]: topic,
    [attributes.consumerGroup]: name,
  }))
  return {
    processed(topic, began, error) {
      const failed = error !== undefined && { [attributes.errorType]: errorType(error) }
      processing.record(secondsSince(began), failed ? { ...from(topic), ...failed } : from(topic))
    },
    givenUp: () => letters.add(1, { [attributes.sagaParticipant]: name }),
  }
}
