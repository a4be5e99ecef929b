import { expect, test } from '@jest/globals'
import { type Box, draw } from './layout.ts'
import { kitchen, meal } from './machine.fixtures.ts'

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const contains = (outer: Box, inner: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height

test.each([
  ['top to bottom', 'TB', false],
  ['left to right with words', 'LR', true],
] as const)(
  'drawn %s, every state is inside the drawing, inside its parent, and beside its neighbours',
  (_, direction, withLabels) => {
    for (const machine of [meal(), kitchen()]) {
      const drawing = draw(machine, { direction, withLabels })
      const page = { x: 0, y: 0, ...drawing }
      for (const box of drawing.states) {
        expect(contains(page, box)).toBe(true)
        const [parent] = drawing.states.filter(({ state }) => state.children.includes(box.state))
        if (parent) expect(contains(parent, box)).toBe(true)
        const family = (other: typeof box) => other === box || isFamily(other.state.path, box.state.path)
        expect(drawing.states.filter((other) => !family(other) && overlap(other, box))).toEqual([])
      }
    }
  },
)

test('ways between the same boxes are one arrow, and ways inside a state are drawn inside it', () => {
  const { arrows } = draw(meal(), { direction: 'TB', withLabels: false })
  const inside = arrows.find(({ key }) => key === 'cooking.raw cooking.done')
  expect(inside?.ways.map(({ by }) => by)).toEqual([['after heat']])
  expect(arrows.find(({ key }) => key === 'cooking served')?.ways).toHaveLength(1)
  expect(arrows.filter(({ points }) => points.length < 2)).toEqual([])
})

function isFamily(a: string, b: string): boolean {
  return a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}
