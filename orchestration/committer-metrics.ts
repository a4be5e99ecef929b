import { counter, histogram, secondsSince, telemetryNames } from '#observability'

const { attributes, metrics } = telemetryNames

/** What a group committer adds to the metrics. */
export type CommitterMetrics = {
  /** `began`: a time of `performance.now()`. */
  committed(items: number, began: number): void
  failed(): void
}

export function committerMetrics(name: string): CommitterMetrics {
  const which = { [attributes.committerName]: name }
  const sizes = histogram(metrics.committerBatchSize)
  const durations = histogram(metrics.committerDuration)
  const failures = counter(metrics.committerFailures)
  // From 0 on, so that the first failure is an increase.
  failures.add(0, which)
  return {
    committed(items, began) {
      sizes.record(items, which)
      durations.record(secondsSince(began), which)
    },
    failed: () => failures.add(1, which),
  }
}
