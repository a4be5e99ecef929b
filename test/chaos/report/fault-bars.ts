import type { PlayedFault } from '../director.ts'
import { type Frame, fixed, plain, xOf } from './svg.ts'

/** What a kind of fault hits: its colour, and its place in the picture. */
const families = [
  { name: 'services', colour: 'c-service', of: /service|clock|tracker/ },
  { name: 'servers', colour: 'c-server', of: /broker|store|registry|disk|small/ },
  { name: 'network', colour: 'c-network', of: /cut|hole|delay/ },
  { name: 'messages', colour: 'c-message', of: /duplicate|replay/ },
  { name: 'companies outside', colour: 'c-outside', of: /sandbox/ },
] as const

const barHeight = 9
const lane = 11
const gapBetween = 6
const head = 16
const foot = 12

export const colourOf = (kind: string): string =>
  families.find(({ of }) => of.test(kind))?.colour ?? 'c-service'

/** Every fault as a bar from when it began to when it was undone; those that overlap lie below each other. */
export function faultBars(faults: readonly PlayedFault[], beganAt: number, frame: Frame): string {
  let y = head
  const drawn = families.map(({ name, of }) => {
    const own = faults.filter(({ kind, firedAt }) => firedAt !== null && of.test(kind))
    const lanes = inLanes(own)
    const top = y
    y += Math.max(1, lanes.length) * lane + gapBetween
    const bars = lanes.flatMap((bars, index) =>
      bars.map((fault) => bar(fault, beganAt, frame, top + index * lane)),
    )
    return `<text class="tick" x="${frame.left - 4}" y="${top + barHeight - 1}">${plain(name)}</text>${bars.join('')}`
  })
  return `<svg viewBox="0 0 ${frame.width} ${y + foot}" role="img" aria-label="faults over time">
<text class="title" x="${frame.left}" y="11">Faults <tspan class="unit">each bar from its beginning to its undoing</tspan></text>
${clock(frame, y)}${drawn.join('\n')}</svg>`
}

function bar(fault: PlayedFault, beganAt: number, frame: Frame, y: number): string {
  const second = (at: number | null) => ((at ?? beganAt) - beganAt) / 1_000
  const [from, to] = [second(fault.firedAt), second(fault.healedAt)]
  const x = xOf(from, frame)
  const width = Math.max(2, xOf(to, frame) - x)
  const told = `${fault.kind} ${fault.target}: ${from.toFixed(1)}–${to.toFixed(1)} s, ${fault.says}`
  return `<rect class="bar ${colourOf(fault.kind)}" x="${fixed(x)}" y="${y}" width="${fixed(width)}" height="${barHeight}" rx="2"><title>${plain(told)}</title></rect>`
}

function inLanes(faults: readonly PlayedFault[]): PlayedFault[][] {
  const lanes: PlayedFault[][] = []
  for (const fault of faults.toSorted((a, b) => (a.firedAt ?? 0) - (b.firedAt ?? 0))) {
    const free = lanes.find((bars) => (bars.at(-1)?.healedAt ?? 0) < (fault.firedAt ?? 0))
    if (free) free.push(fault)
    else lanes.push([fault])
  }
  return lanes
}

/** Minutes, or tens of seconds in a short run, across the picture. */
function clock(frame: Frame, height: number): string {
  const step = frame.seconds > 240 ? 60 : 10
  const marks = Array.from({ length: Math.floor(frame.seconds / step) + 1 }, (_, index) => index * step)
  return marks
    .map((second) => {
      const x = fixed(xOf(second, frame))
      const label = step === 60 ? `${second / 60}′` : `${second} s`
      return `<line class="rule" x1="${x}" x2="${x}" y1="${head}" y2="${height}"/><text class="mark" x="${x}" y="${height + foot - 2}">${second === 0 ? '' : label}</text>`
    })
    .join('')
}
