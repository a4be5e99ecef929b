import { expect, test } from '@jest/globals'
import { answer, given, timePasses, sagaId as visitId } from '#orchestration/testing'
import { contracts } from '../examples/doorbell.contracts.ts'
import { doorbellMachine } from '../examples/doorbell.ts'
import { textOf } from './markdown.ts'

test('the page on testing shows what a failing assertion says', () => {
  const part = { name: 'doorbell', machine: doorbellMachine, contracts, input: { patience: 30_000 } }
  const [, shown = 'nothing'] = /^```text\n([\s\S]*?)\n```$/m.exec(textOf('docs/testing.md')) ?? []
  const missed = given(part, { type: 'BellRang', visitId }, answer('chime', undefined)).when(
    timePasses('30s'),
  )
  expect(() => missed.then({ state: 'greeted' })).toThrow(new Error(shown))
})
