import { type Counter, type Gauge, type Histogram, metrics } from '@opentelemetry/api'
import type { CounterName, GaugeName, HistogramName, MetricName } from './metric-names.ts'
import type { Attributes } from './span.ts'

/** The counter of this name. Make it when the work begins, not when its module is loaded, which is before metrics are started. */
export function counter(metric: CounterName): Counter<Attributes> {
  return meter().createCounter(metric.name, described(metric))
}

/** The histogram of this name; durations are in seconds. */
export function histogram(metric: HistogramName): Histogram<Attributes> {
  const advice = { explicitBucketBoundaries: [...metric.buckets] }
  return meter().createHistogram(metric.name, { ...described(metric), advice })
}

/** The gauge of this name: what is recorded last counts. */
export function gauge(metric: GaugeName): Gauge<Attributes> {
  return meter().createGauge(metric.name, described(metric))
}

/** One value of a metric that is read when somebody looks. */
export type Observation = { readonly value: number; readonly attributes?: Attributes }

/**
 * Reads a counter's total, or a gauge, when somebody looks. A gauge that is not told any more is 0: the SDK would repeat its last
 * value for ever. The returned function ends it.
 */
export function observe(
  metric: CounterName | GaugeName,
  read: () => Iterable<Observation> | Promise<Iterable<Observation>>,
): () => void {
  const options = described(metric)
  const observable =
    metric.kind === 'counter'
      ? meter().createObservableCounter<Attributes>(metric.name, options)
      : meter().createObservableGauge<Attributes>(metric.name, options)
  const told = new Map<string, Attributes>()
  const look: Parameters<typeof observable.addCallback>[0] = async (result) => {
    const gone = new Map(metric.kind === 'gauge' ? told : [])
    for (const { value, attributes = {} } of await read()) {
      const key = JSON.stringify(attributes)
      told.set(key, attributes)
      gone.delete(key)
      result.observe(value, attributes)
    }
    for (const attributes of gone.values()) result.observe(0, attributes)
  }
  observable.addCallback(look)
  return () => observable.removeCallback(look)
}

/** Makes something once for each key: attributes, so that what is measured for every message allocates nothing. */
export function oncePer<Key, Made extends object>(make: (key: Key) => Made): (key: Key) => Made {
  const known = new Map<Key, Made>()
  return (key) => {
    const made = known.get(key) ?? make(key)
    known.set(key, made)
    return made
  }
}

/** Seconds since `began`, a time of `performance.now()`. */
export function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000
}

function meter() {
  return metrics.getMeter('chorus')
}

function described({ unit, says }: MetricName) {
  return { unit, description: says }
}
