/** What `/metrics` said at one moment. */
export type Scrape = {
  /** Kind of each metric, by its name in Prometheus. */
  readonly kinds: ReadonlyMap<string, string>
  /** Names of all series: those of a histogram end in `_bucket`, `_sum` and `_count`. */
  readonly names: ReadonlySet<string>
  /** The sum over all series of this name with these labels; `undefined` when there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number | undefined
}

type Series = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Asks a service for its metrics. Rejects when it does not answer 200 within 5 s. */
export async function scrape(address: string): Promise<Scrape> {
  const response = await fetch(`${address}/metrics`, { signal: AbortSignal.timeout(5_000) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${address}/metrics answered ${response.status}: ${text}`)
  const series = text.split('\n').flatMap(seriesIn)
  return {
    kinds: new Map(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]),
    ),
    names: new Set(series.map(({ name }) => name)),
    value(name, labels = {}) {
      const wanted = Object.entries(labels)
      const found = series.filter(
        (one) => one.name === name && wanted.every(([label, value]) => one.labels[label] === value),
      )
      return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
    },
  }
}

function seriesIn(line: string): Series[] {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (name === undefined) return []
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text])
  return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
}
