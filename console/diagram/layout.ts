import { Graph, layout } from '@dagrejs/dagre'
import { isWithin, type Machine, type State, type Way } from './machine.ts'

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
export type Point = { readonly x: number; readonly y: number }

/** A state with its place in the drawing; states inside it lie inside its box. */
export type DrawnState = Box & { readonly state: State }

/** An arrow between two boxes, for all ways between the states in them. */
export type DrawnArrow = {
  readonly key: string
  readonly ways: readonly Way[]
  readonly points: readonly Point[]
  /** The middle of its label. */
  readonly label: Point
}

export type Drawing = {
  readonly width: number
  readonly height: number
  readonly states: readonly DrawnState[]
  readonly arrows: readonly DrawnArrow[]
}

export type LayoutOptions = {
  /** From top to bottom fits a column; from left to right a page. */
  readonly direction: 'TB' | 'LR'
  /** Whether the arrows keep room for their words. */
  readonly withLabels: boolean
}

const letter = 6.9
const labelLetter = 6.1
const boxHeight = 30
const heading = 26
const margin = 10

/** Places a machine's states and arrows. The states inside a state are laid out first, and make its size. */
export function draw(machine: Machine, options: LayoutOptions): Drawing {
  return drawLevel(machine.states, '', machine, options)
}

function drawLevel(
  states: readonly State[],
  parent: string,
  machine: Machine,
  options: LayoutOptions,
): Drawing {
  const inner = new Map(
    states
      .filter(({ children }) => children.length > 0)
      .map((state) => [
        state.path,
        drawLevel(state.children, state.path, machine, { ...options, direction: 'LR' }),
      ]),
  )
  const graph = new Graph({ multigraph: false })
  graph.setGraph({
    rankdir: options.direction,
    ranksep: options.direction === 'TB' ? 34 : 44,
    nodesep: options.direction === 'TB' ? 18 : 14,
    edgesep: 14,
    marginx: margin,
    marginy: margin,
  })
  for (const state of states) graph.setNode(state.path, sizeOf(state, inner.get(state.path)))
  const arrows = arrowsBetween(states, parent, machine)
  for (const { from, to, ways } of arrows) {
    const label = labelOf(ways)
    const size = options.withLabels
      ? { width: label.length * labelLetter + 8, height: 16, labelpos: 'c' }
      : { width: 0, height: 0 }
    graph.setEdge(from, to, size)
  }
  layout(graph)
  return placed(states, arrows, graph, inner)
}

/** What stands at an arrow: the first of what leads along it, and how many more there are. */
export function labelOf(ways: readonly Way[]): string {
  const [first = '', ...more] = [...new Set(ways.flatMap(({ by }) => by))]
  return more.length === 0 ? first : `${first} +${more.length}`
}

function sizeOf({ key, isFinal }: State, inside: Drawing | undefined): { width: number; height: number } {
  const own = key.length * letter + (isFinal ? 36 : 28)
  if (!inside) return { width: Math.max(own, 56), height: boxHeight }
  return { width: Math.max(own, inside.width), height: inside.height + heading - margin }
}

type Arrow = { readonly from: string; readonly to: string; readonly ways: Way[] }

/** Ways from or to the inside of a state count for its box; those that stay within one box belong to the drawing inside it. */
function arrowsBetween(states: readonly State[], parent: string, { ways }: Machine): Arrow[] {
  const boxOf = (path: string) => states.find((state) => isWithin(path, state.path))?.path
  const arrows = new Map<string, Arrow>()
  for (const way of ways) {
    if (parent !== '' && !(isWithin(way.from, parent) && isWithin(way.to, parent))) continue
    const [from, to] = [boxOf(way.from), boxOf(way.to)]
    if (from === undefined || to === undefined || from === to) continue
    const key = `${from} ${to}`
    const arrow = arrows.get(key) ?? { from, to, ways: [] }
    arrow.ways.push(way)
    arrows.set(key, arrow)
  }
  return [...arrows.values()]
}

function placed(
  states: readonly State[],
  arrows: readonly Arrow[],
  graph: Graph,
  inner: ReadonlyMap<string, Drawing>,
): Drawing {
  const boxes = states.map((state): DrawnState => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(state.path) as unknown as Partial<Box>
    return { state, x: x - width / 2, y: y - height / 2, width, height }
  })
  const lines = arrows.map(({ from, to, ways }): DrawnArrow => {
    const {
      points = [],
      x,
      y,
    } = graph.edge(from, to) as unknown as { points?: Point[]; x?: number; y?: number }
    const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 }
    return { key: `${from} ${to}`, ways, points, label: { x: x ?? middle.x, y: y ?? middle.y } }
  })
  const nested = boxes.flatMap((box) => {
    const drawing = inner.get(box.state.path)
    return drawing ? [moved(drawing, box.x + (box.width - drawing.width) / 2, box.y + heading - margin)] : []
  })
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return {
    width,
    height,
    states: [...boxes, ...nested.flatMap(({ states }) => states)],
    arrows: [...lines, ...nested.flatMap(({ arrows }) => arrows)],
  }
}

function moved({ states, arrows, ...size }: Drawing, x: number, y: number): Drawing {
  const by = <T extends Point>(point: T): T => ({ ...point, x: point.x + x, y: point.y + y })
  return {
    ...size,
    states: states.map(by),
    arrows: arrows.map((arrow) => ({ ...arrow, points: arrow.points.map(by), label: by(arrow.label) })),
  }
}
