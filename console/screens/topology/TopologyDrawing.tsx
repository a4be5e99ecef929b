import { type Columns, type Edge, rateOf } from './columns.ts'

const width = 1000
const rowHeight = 56
const boxWidth = 176
const boxHeight = 34

type DrawingProps = {
  readonly columns: Columns
  readonly chosen: string | null
  readonly onChoose: (edge: string | null) => void
}

/** Lines from left to right: thick ones carry more, dashed ones were not seen lately, red ones nobody has declared. */
export function TopologyDrawing({ columns, chosen, onChoose }: DrawingProps) {
  const { sayers, topics, hearers, edges } = columns
  const rows = Math.max(sayers.length, topics.length, hearers.length)
  const height = rows * rowHeight + 28
  const y = (list: readonly string[], name: string) =>
    28 + ((list.indexOf(name) + 0.5) * (rows * rowHeight)) / list.length
  const sides = [0, (width - boxWidth) / 2, width - boxWidth] as const
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
    <section className="panel topology" tabIndex={0} aria-label="Services and topics">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="graphics-document"
        aria-roledescription="diagram"
        aria-label="Services say into topics, and hear from them; the table below tells the same"
      >
        {(['says', 'topic', 'hears'] as const).map((word, i) => (
          <text key={word} className="column-word" x={(sides[i] ?? 0) + boxWidth / 2} y={14}>
            {word}
          </text>
        ))}
        {edges.map((edge) => {
          const from = edge.says
            ? { x: boxWidth, y: y(sayers, edge.from) }
            : { x: (sides[1] ?? 0) + boxWidth, y: y(topics, edge.from) }
          const to = edge.says
            ? { x: sides[1] ?? 0, y: y(topics, edge.to) }
            : { x: sides[2], y: y(hearers, edge.to) }
          return (
            <Line
              key={nameOf(edge)}
              edge={edge}
              from={from}
              to={to}
              isChosen={nameOf(edge) === chosen}
              onChoose={onChoose}
            />
          )
        })}
        {([sayers, topics, hearers] as const).map((names, column) =>
          names.map((name) => (
            <g
              key={name}
              className={column === 1 ? 'topic-box' : 'service-box'}
              transform={`translate(${sides[column]} ${y(names, name) - boxHeight / 2})`}
              aria-hidden="true"
            >
              <rect width={boxWidth} height={boxHeight} rx={column === 1 ? boxHeight / 2 : 7} />
              <text x={boxWidth / 2} y={boxHeight / 2 + 4}>
                {name}
              </text>
            </g>
          )),
        )}
      </svg>
    </section>
  )
}

type Place = { readonly x: number; readonly y: number }

type LineProps = {
  readonly edge: Edge
  readonly from: Place
  readonly to: Place
  readonly isChosen: boolean
  readonly onChoose: (edge: string | null) => void
}

function Line({ edge, from, to, isChosen, onChoose }: LineProps) {
  const rate = rateOf(edge)
  const middle = (from.x + to.x) / 2
  const d = `M${from.x} ${from.y} C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`
  const standing = edge.kind === 'undeclared' ? 'undeclared' : rate > 0 ? 'seen' : 'unseen'
  const label = `${edge.from} to ${edge.to}: ${standing === 'unseen' ? 'not seen lately' : `${said(rate)} a minute`}${edge.kind === 'undeclared' ? ', undeclared' : ''}`
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table below has a button for the same
    <g
      className={isChosen ? `line ${standing} is-chosen` : `line ${standing}`}
      onClick={() => onChoose(isChosen ? null : nameOf(edge))}
    >
      <title>{label}</title>
      <path className="line-reach" d={d} />
      <path d={d} style={{ strokeWidth: Math.min(7, 1.25 + Math.log2(1 + rate) * 0.7) }} />
      {rate > 0 && (
        <text x={from.x + (to.x - from.x) * 0.34} y={from.y + (to.y - from.y) * 0.25 - 5} aria-hidden="true">
          {said(rate)}/min
        </text>
      )}
    </g>
  )
}

/** Its name in the address. */
export function nameOf({ from, to }: Edge): string {
  return `${from}>${to}`
}

/** A rate: two places below ten. */
export function said(perMinute: number): string {
  return perMinute.toLocaleString('en', { maximumSignificantDigits: perMinute < 10 ? 2 : 4 })
}
