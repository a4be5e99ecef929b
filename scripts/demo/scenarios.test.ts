import { expect, test } from '@jest/globals'
import { quoted, tableUnder, textOf } from '../../test/markdown.ts'
import { demoScenarios } from './scenarios.ts'

test('the page tells every scenario as it is, and how it ends', () => {
  const told = tableUnder(textOf('docs/demo.md'), 'Break it on purpose').map((row) => ({
    name: quoted(row.Scenario ?? '')[0],
    tells: row['What happens'],
    ends: quoted(row['How it ends'] ?? ''),
  }))
  const played = demoScenarios.map(({ name, tells, ends }) => ({
    name,
    tells,
    ends: 'waits' in ends ? [ends.waits, ends.responsible] : [ends.state],
  }))
  expect(told).toEqual(played)
})
