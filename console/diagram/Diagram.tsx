import { useMemo, useState } from 'react'
import { Dialog } from '../elements/Dialog.tsx'
import { Icon } from '../elements/Icon.tsx'
import { Drawn } from './Drawn.tsx'
import { draw } from './layout.ts'
import type { Machine } from './machine.ts'
import { progressOf } from './progress.ts'
import { StateTable } from './StateTable.tsx'
import './diagram.css'

type DiagramProps = {
  readonly machine: Machine
  /** Every state that the saga was in, oldest first. */
  readonly path: readonly string[]
  readonly name: string
}

/** A machine with the way that a saga went in it, where it is, and what can still come; large on demand, and as a table. */
export function Diagram({ machine, path, name }: DiagramProps) {
  const [isLarge, setLarge] = useState(false)
  const [isTable, setTable] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path's states, not its object, make the difference
  const progress = useMemo(() => progressOf(machine, path), [machine, path.join()])
  const drawing = useMemo(() => draw(machine, { direction: 'TB', withLabels: false }), [machine])
  return (
    <div className="diagram">
      <div className="diagram-tools">
        <button
          type="button"
          className="button quiet"
          aria-pressed={isTable}
          title="As a table"
          aria-label={`States of ${name} as a table`}
          onClick={() => setTable(!isTable)}
        >
          <Icon name="sagas" size={14} />
        </button>
        <button
          type="button"
          className="button quiet"
          title="Larger, with all events"
          aria-label={`Enlarge the diagram of ${name}`}
          onClick={() => setLarge(true)}
        >
          <Icon name="expand" size={14} />
        </button>
      </div>
      {isTable ? (
        <StateTable machine={machine} progress={progress} name={name} />
      ) : (
        <Drawn drawing={drawing} progress={progress} name={name} labels="next" />
      )}
      {isLarge && <Large machine={machine} progress={progress} name={name} onClose={() => setLarge(false)} />}
    </div>
  )
}

type LargeProps = {
  readonly machine: Machine
  readonly progress: ReturnType<typeof progressOf>
  readonly name: string
  readonly onClose: () => void
}

function Large({ machine, progress, name, onClose }: LargeProps) {
  const drawing = useMemo(() => draw(machine, { direction: 'LR', withLabels: true }), [machine])
  return (
    <Dialog title={`${name}: what happened, and what still can`} isWide onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section className="diagram-large" tabIndex={0} aria-label={`Diagram of ${name}`}>
        <Drawn drawing={drawing} progress={progress} name={name} labels="all" />
      </section>
      <Legend />
    </Dialog>
  )
}

function Legend() {
  return (
    <ul className="legend small">
      <li className="current">now</li>
      <li className="visited">was here</li>
      <li className="next">may come next</li>
      <li className="possible">may come later</li>
      <li className="closed">cannot come any more</li>
      <li className="possible compensation">undoes</li>
    </ul>
  )
}
