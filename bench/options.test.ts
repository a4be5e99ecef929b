import { expect, test } from '@jest/globals'
import { commandOf, readOptions } from './options.ts'

const words = (line: string) => ['node', 'bench.ts', ...line.split(' ').filter((word) => word !== '')]

test('without options every load is measured, with tracker and tracing', () => {
  expect(readOptions(words(''))).toMatchObject({
    loads: [1, 32, 128, 512],
    entry: 'http',
    tracker: true,
    tracing: true,
    instances: 1,
    profile: [],
    writeDocs: false,
  })
})

test('what was asked for is read', () => {
  const line = '--loads 8,16 --entry kafka --no-tracker --no-tracing --instances 2 --profile order payment'
  expect(readOptions(words(line))).toMatchObject({
    loads: [8, 16],
    entry: 'kafka',
    tracker: false,
    tracing: false,
    instances: 2,
    profile: ['order', 'payment'],
  })
})

test('what only some runs are asked for is left out by itself', () => {
  const { soak, drain, stored } = readOptions(words(''))
  expect([soak, drain, stored]).toEqual([undefined, undefined, undefined])
  const line = '--soak 60 --drain 50000 --stored 100000'
  expect(readOptions(words(line))).toMatchObject({ soak: 60, drain: 50_000, stored: 100_000 })
})

test.each([
  ['', 'npm run bench'],
  ['--write-docs --json result.json', 'npm run bench'],
  ['--json=result.json --seconds 9', 'npm run bench -- --seconds 9'],
  ['--loads 1 --json result.json --no-tracker', 'npm run bench -- --loads 1 --no-tracker'],
])('the figures of "%s" come again with "%s"', (line, command) => {
  expect(commandOf(words(line).slice(2))).toBe(command)
})
