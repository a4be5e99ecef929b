import { useEffect, useRef, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { subscribe } from '../frame/theme.ts'
import './chart.css'

export type Line = {
  readonly label: string
  /** A custom property, e.g. `--accent`. */
  readonly colour: string
  readonly values: readonly (number | null)[]
  readonly kind?: 'bars' | 'area'
}

type ChartProps = {
  /** What it shows. */
  readonly title: string
  /** Epoch seconds, ascending. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly height?: number
}

/** Lines or bars over time; who cannot see them is told the last and the highest figure of each. */
export function Chart({ title, times, lines, height = 160 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const theme = useSyncExternalStore(subscribe, groundColour)
  const shape = lines.map(({ label, colour }) => label + colour).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: new figures are set below, without a new chart
  useEffect(() => {
    const element = place.current
    if (!element) return
    const chart = new uPlot(options(element, lines, height), data(times, lines), element)
    plot.current = chart
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      chart.destroy()
    }
  }, [shape, height, theme])
  useEffect(() => plot.current?.setData(data(times, lines)), [times, lines])

  return (
    <figure className="chart" aria-label={`${title}: ${lines.map(inWords).join('; ')}`}>
      <div ref={place} aria-hidden="true" />
      <Legend lines={lines} />
    </figure>
  )
}

function inWords({ label, values }: Line): string {
  const known = values.filter((value) => value !== null)
  return known.length === 0
    ? `${label} unknown`
    : `${label} ${known.at(-1)} now, ${Math.max(...known)} at most`
}

function Legend({ lines }: Pick<ChartProps, 'lines'>) {
  return (
    <ul className="chart-legend" aria-hidden="true">
      {lines.map(({ label, colour }) => (
        <li key={label}>
          <i style={{ background: `var(${colour})` }} />
          {label}
        </li>
      ))}
    </ul>
  )
}

function options(element: HTMLElement, lines: readonly Line[], height: number): uPlot.Options {
  const colour = (name: string) => resolved(element, name)
  const axis: uPlot.Axis = {
    stroke: colour('--text-soft'),
    font: '11px Inter, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height,
    padding: [8, 20, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.15)] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 84,
        values: (_, ticks) => ticks.map(clockOf(ticks)),
        size: 28,
      },
      { ...axis, size: 44, space: 34, values: (_, ticks) => ticks.map((tick) => compact(tick)) },
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => {
        const stroke = colour(line.colour)
        const isBars = line.kind === 'bars'
        return {
          label: line.label,
          stroke,
          width: isBars ? 0 : 1.5,
          points: { show: false },
          ...(isBars && { fill: stroke, paths: uPlot.paths.bars?.({ size: [0.64, 14], radius: 0.2 }) }),
          ...(line.kind === 'area' && { fill: `color-mix(in srgb, ${stroke} 14%, transparent)` }),
        } as uPlot.Series
      }),
    ],
  }
}

function data(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])]
}

function compact(value: number): string {
  return value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 })
}

/** Seconds are said only where the marks are closer than a minute. */
function clockOf(ticks: readonly number[]): (tick: number) => string {
  const [first = 0, second = first + 60] = ticks
  const [from, to] = second - first < 60 ? [11, 19] : [11, 16]
  return (tick) => new Date(tick * 1_000).toISOString().slice(from, to)
}

/** A canvas knows no custom properties, and none of their two themes: the browser says the colour that holds now. */
function resolved(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement('i'))
  probe.style.color = `var(${name})`
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function groundColour(): string {
  return getComputedStyle(document.body).backgroundColor
}
