/** A line over the seconds of a run; where there is no value it has a gap. */
export type Series = {
  readonly name: string
  /** Name of its colour in the style sheet. */
  readonly colour: string
  readonly points: readonly { readonly second: number; readonly value: number | null }[]
}

export type Frame = { readonly seconds: number; readonly width: number; readonly left: number }

const height = 130
const top = 18
const bottom = 4

/** One diagram: its title, its unit at the highest value, and its lines. `log`: for values that differ by factors of thousand. */
export function diagram(
  title: string,
  unit: string,
  series: readonly Series[],
  frame: Frame,
  { log = false } = {},
): string {
  const values = series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []))
  const highest = values.reduce((max, value) => Math.max(max, value), 1)
  const scale = (value: number) => (log ? Math.log10(1 + value) / Math.log10(1 + highest) : value / highest)
  const y = (value: number) => height - bottom - scale(value) * (height - top - bottom)
  const ticks = log ? decades(highest) : [highest / 2, highest]
  const rules = ticks.map(
    (tick) =>
      `<line class="rule" x1="${frame.left}" x2="${frame.width}" y1="${fixed(y(tick))}" y2="${fixed(y(tick))}"/>` +
      `<text class="tick" x="${frame.left - 4}" y="${fixed(y(tick) + 3)}">${short(tick)}</text>`,
  )
  const lines = series.map(
    ({ colour, points }) => `<path class="line ${colour}" d="${path(points, frame, y)}"/>`,
  )
  const legend = series
    .map(({ name, colour }) => `<tspan class="word ${colour}" dx="10">${plain(name)}</tspan>`)
    .join('')
  return `<svg viewBox="0 0 ${frame.width} ${height}" role="img" aria-label="${plain(title)}">
<text class="title" x="${frame.left}" y="11">${plain(title)} <tspan class="unit">${plain(unit)}</tspan>${legend}</text>
${rules.join('')}${lines.join('')}</svg>`
}

function path(points: Series['points'], frame: Frame, y: (value: number) => number): string {
  let pen = 'M'
  const parts: string[] = []
  for (const { second, value } of points) {
    if (value === null) pen = 'M'
    else {
      parts.push(`${pen}${fixed(xOf(second, frame))} ${fixed(y(value))}`)
      pen = 'L'
    }
  }
  return parts.join('')
}

export function xOf(second: number, { seconds, width, left }: Frame): number {
  return left + (second / Math.max(1, seconds)) * (width - left)
}

function decades(highest: number): number[] {
  return [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].filter((tick) => tick <= highest)
}

export const fixed = (value: number): string => value.toFixed(1)

function short(value: number): string {
  if (value >= 1_000) return `${Number((value / 1_000).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}

/** Text for HTML and SVG. */
export function plain(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
