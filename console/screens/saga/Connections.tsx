import { type RefObject, useEffect, useState } from 'react'
import type { StepView } from '../../../services/tracker/api.ts'

type Connection = { readonly id: string; readonly d: string; readonly isSelected: boolean }

type ConnectionsProps = {
  readonly grid: RefObject<HTMLDivElement | null>
  readonly timeline: readonly StepView[]
  readonly selected: string | null
}

/** A line from each event said to each step that took it in. The steps' words tell the same, so it is for the eye only. */
export function Connections({ grid, timeline, selected }: ConnectionsProps) {
  const [connections, setConnections] = useState<readonly Connection[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a longer time line moves the steps
  useEffect(() => {
    const element = grid.current
    if (!element) return
    const measure = () => setConnections(measured(element, selected))
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    return () => resized.disconnect()
  }, [grid, timeline, selected])
  return (
    <svg className="connections" aria-hidden="true">
      {connections.map(({ id, d, isSelected }) => (
        <path key={id} d={d} className={isSelected ? 'is-selected' : undefined} />
      ))}
    </svg>
  )
}

function measured(grid: HTMLElement, selected: string | null): Connection[] {
  const ground = grid.getBoundingClientRect()
  const outs = [...grid.querySelectorAll<HTMLElement>('[data-event-out]')]
  const ins = [...grid.querySelectorAll<HTMLElement>('[data-event-in]')]
  const stepOf = (element: HTMLElement) => element.closest<HTMLElement>('[data-step]')
  return outs.flatMap((out) =>
    ins
      .filter((into) => into.dataset.eventIn === out.dataset.eventOut)
      .map((into) => {
        const [from, to] = [stepOf(out), stepOf(into)]
        return {
          id: `${out.dataset.eventOut} ${to?.dataset.step}`,
          d: curve(sides(from, out, ground), sides(to, into, ground)),
          isSelected: selected !== null && [from, to].some((step) => step?.dataset.step === selected),
        }
      }),
  )
}

type Sides = { readonly left: number; readonly right: number; readonly y: number }

/** The edges of the step's card, at the height of the event's line. */
function sides(card: HTMLElement | null, line: HTMLElement, ground: DOMRect): Sides {
  const { left = 0, right = 0 } = card?.getBoundingClientRect() ?? {}
  const { top, height } = line.getBoundingClientRect()
  return { left: left - ground.left, right: right - ground.left, y: top + height / 2 - ground.top }
}

const reach = 28

function curve(from: Sides, to: Sides): string {
  const goesRight = to.left >= from.right
  const goesLeft = to.right <= from.left
  const start = goesLeft ? from.left : from.right
  const end = goesRight ? to.left : goesLeft ? to.right : to.right
  const out = goesLeft ? -reach : reach
  const back = goesRight ? -reach : reach
  return `M${start} ${from.y} C${start + out} ${from.y} ${end + back} ${to.y} ${end} ${to.y}`
}
