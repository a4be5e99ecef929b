import { useId } from 'react'
import { curve } from './curve.ts'
import { type Drawing, type DrawnArrow, type DrawnState, labelOf } from './layout.ts'
import type { Progress, Standing } from './progress.ts'
import { standings } from './standings.ts'

type DrawnProps = {
  readonly drawing: Drawing
  readonly progress: Progress
  readonly name: string
  /** Which arrows say what leads along them. */
  readonly labels: 'next' | 'all'
}

/** The drawing as SVG. Each state is a symbol with its name and standing, so that it can be read without seeing it. */
export function Drawn({ drawing, progress, name, labels }: DrawnProps) {
  const id = useId()
  const { width, height, states, arrows } = drawing
  const order = (arrow: DrawnArrow) => goings.indexOf(goingOf(arrow, progress))
  return (
    <svg
      className="drawn"
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxWidth: width, aspectRatio: `${width} / ${height}` }}
      role="graphics-document"
      aria-roledescription="state diagram"
      aria-label={`States of ${name}`}
    >
      <defs>
        {goings.map((going) => (
          <marker
            key={going}
            id={`${id}${going}`}
            className={`arrow ${going}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M0.5 0.8 7.5 4 0.5 7.200z" />
          </marker>
        ))}
      </defs>
      {arrows
        .toSorted((a, b) => order(a) - order(b))
        .map((arrow) => (
          <Arrow key={arrow.key} arrow={arrow} progress={progress} states={states} marker={id} />
        ))}
      {states.map((drawn) => (
        <Box key={drawn.state.path} drawn={drawn} standing={progress.standing(drawn.state)} />
      ))}
      {arrows
        .filter((arrow) => labels === 'all' || goingOf(arrow, progress) === 'next')
        .map((arrow) => (
          <Label key={arrow.key} arrow={arrow} progress={progress} isWhole={labels === 'all'} />
        ))}
    </svg>
  )
}

const goings = ['closed', 'possible', 'next', 'taken'] as const

function goingOf({ ways }: DrawnArrow, { going }: Progress): (typeof goings)[number] {
  return goings.findLast((one) => ways.some((way) => going(way) === one)) ?? 'closed'
}

type ArrowProps = {
  readonly arrow: DrawnArrow
  readonly progress: Progress
  readonly states: readonly DrawnState[]
  readonly marker: string
}

function Arrow({ arrow, progress, states, marker }: ArrowProps) {
  const going = goingOf(arrow, progress)
  const target = states.find(({ state }) => state.path === arrow.key.split(' ')[1])
  return (
    <path
      className={target?.state.isCompensation ? `way ${going} compensation` : `way ${going}`}
      d={curve(arrow.points)}
      markerEnd={`url(#${marker}${going})`}
    >
      <title>{arrow.ways.flatMap(({ by }) => by).join(', ')}</title>
    </path>
  )
}

function Box({ drawn, standing }: { readonly drawn: DrawnState; readonly standing: Standing }) {
  const { state, x, y, width, height } = drawn
  const isGroup = state.children.length > 0
  const classes = ['state', standing, state.isCompensation && 'compensation', isGroup && 'group']
  return (
    <g
      className={classes.filter(Boolean).join(' ')}
      role="graphics-symbol"
      aria-roledescription="state"
      aria-label={`${state.path}: ${standings[standing]}${state.isCompensation ? ', undoes' : ''}${state.isFinal ? ', an end' : ''}`}
      transform={`translate(${x} ${y})`}
    >
      <rect width={width} height={height} rx={isGroup ? 9 : 7} />
      {state.isFinal && (
        <rect className="final" x="2.5" y="2.5" width={width - 5} height={height - 5} rx="5" />
      )}
      <text x={width / 2} y={isGroup ? 17 : height / 2 + 4}>
        {state.key}
      </text>
    </g>
  )
}

type LabelProps = { readonly arrow: DrawnArrow; readonly progress: Progress; readonly isWhole: boolean }

function Label({ arrow, progress, isWhole }: LabelProps) {
  const text = labelOf(arrow.ways)
  return (
    <text
      className={`way-label ${goingOf(arrow, progress)}`}
      x={arrow.label.x}
      y={arrow.label.y + 3.5}
      aria-hidden="true"
    >
      {isWhole || text.length <= 24 ? text : `${text.slice(0, 23)}…`}
    </text>
  )
}
