/** A bar chart in Mermaid, which GitHub draws. `unit` stands at the axis. */
export function barChart({
  title,
  unit,
  bars,
}: {
  title: string
  unit: string
  bars: readonly { readonly name: string; readonly value: number }[]
}): string {
  const most = Math.max(...bars.map(({ value }) => value))
  return [
    '```mermaid',
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis [${bars.map(({ name }) => `"${name}"`).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${roundUp(most)}`,
    `  bar [${bars.map(({ value }) => value.toFixed(2)).join(', ')}]`,
    '```',
  ].join('\n')
}

/** The next number with one figure that counts, so that the highest bar fits. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const magnitude = 10 ** Math.floor(Math.log10(value))
  return Number((Math.ceil(value / magnitude) * magnitude).toPrecision(6))
}
