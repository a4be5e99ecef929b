import { expect, test } from '@jest/globals'
import { readPeersOptions } from './options.ts'

const read = (line: string) =>
  readPeersOptions(['node', 'bench-peers.ts', ...line.split(' ').filter((word) => word !== '')])

test('without options every engine takes five turns at 128 in flight, and Chorus has its tracker and its spans', () => {
  expect(read('')).toMatchObject({
    pairs: 5,
    inFlight: 128,
    peers: ['restate', 'dbos'],
    tracker: true,
    tracing: true,
    writeDocs: false,
    command: 'npm run bench:peers',
  })
})

test('what was asked for is read, and told with the figures', () => {
  expect(read('--pairs 2 --in-flight 32 --peers restate --no-tracker --write-docs')).toMatchObject({
    pairs: 2,
    inFlight: 32,
    peers: ['restate'],
    tracker: false,
    writeDocs: true,
    command: 'npm run bench:peers -- --pairs 2 --in-flight 32 --peers restate --no-tracker',
  })
})
