/** A Markdown table; figures are to the right, the first column to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** Three figures that count, and no more zeros than that: 0.0123, 1.23, 123, 12300. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)))
  return digits > 0 ? value.toFixed(Math.min(digits, 4)) : String(Math.round(value))
}
