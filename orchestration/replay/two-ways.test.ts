import { describe, expect, test } from '@jest/globals'
import type { AnyStateMachine } from 'xstate'
import { contracts, deskMachine } from '../booking.fixtures.ts'
import type { MachineState } from '../journal.ts'
import { type Participant, type ParticipantOptions, participant } from '../participant.ts'
import { replay } from './replay.ts'
import { grouped, sentenceOf, twoWaysOn } from './report.ts'
import { config, heard, lapsed, seated, work } from './table.fixtures.ts'

/** What version 1 calls `seated` is `dining` here. */
const renamed = deskMachine(renaming())

function renaming(): object {
  const invoke = { id: 'seat', src: 'seat', input: { table: 4 }, onDone: 'dining', onError: 'left' }
  const { states, ...rest } = config({ seating: { invoke } })
  const { seated: dining, ...others } = states
  return { ...rest, states: { ...others, dining } }
}

function release(versions: Partial<ParticipantOptions<AnyStateMachine>>): Participant {
  return participant({ name: 'desk', version: '2', machine: renamed, effects: work, contracts, ...versions })
}

describe('a change that breaks sagas under way', () => {
  test('is found when the version stays the same', () => {
    const { divergences } = replay(release({ version: '1' }), seated, heard)
    expect(divergences.map(sentenceOf)).toEqual([
      'desk, saga b-1, row 4 of version 1: in seating, on seat answers: state.value expected "seated", found "dining"',
      expect.stringMatching(
        /^desk, saga b-1, row 5 of version 1: in seated, on Left: outcome expected "applied"/,
      ),
    ])
    expect(twoWaysOn('desk', '1')).toMatch(/earlier: \{ '1'.*\n.*migrate: \{ '1'/)
  })

  test('is found when the version is new, and nobody cares for the sagas of the old one', () => {
    expect(replay(release({}), seated, heard).divergences[0]).toMatchObject({
      seq: 1,
      path: 'outcome',
      found: expect.stringMatching('version "1" of "desk" is not known here'),
    })
  })

  test('goes through when the old machine is kept beside the new one', () => {
    const kept = release({ earlier: { '1': { machine: deskMachine(config()) } } })
    expect(replay(kept, seated, heard)).toEqual({ judged: 5, unjudged: [], divergences: [] })
  })

  test('goes through when stored states are migrated', () => {
    const rename = (state: MachineState) => (state.value === 'seated' ? { ...state, value: 'dining' } : state)
    // Row 1 would be written by a process of version 1 only.
    expect(replay(release({ migrate: { '1': rename } }), seated, heard)).toEqual({
      judged: 4,
      unjudged: ['version "1" is only migrated'],
      divergences: [],
    })
  })
})

describe('a migration', () => {
  const migrated = (
    machine: AnyStateMachine,
    migrate: (state: MachineState) => MachineState,
    rows = seated,
  ) => replay(release({ machine, migrate: { '1': migrate } }), rows, heard).divergences

  test('that a saga would not survive is found where it happens', () => {
    expect(migrated(renamed, (state) => state)).toContainEqual(
      expect.objectContaining({ seq: 4, path: 'migration', found: expect.stringMatching('seated') }),
    )
    const throws = () => {
      throw new Error('what a state')
    }
    expect(migrated(renamed, throws)[0]).toMatchObject({
      seq: 1,
      path: 'migration',
      found: expect.stringMatching('what a state'),
    })
  })

  test('into a state whose work was never started is found', () => {
    const hurried = (state: MachineState) => ({ ...state, value: 'seating' })
    expect(migrated(deskMachine(config()), hurried, lapsed)[0]).toMatchObject({
      seq: 1,
      path: 'migration',
      found: expect.stringMatching('seat, which was never started'),
    })
  })

  test('after which sagas take another way is found, with the row after which it was tried', () => {
    const barFirst = deskMachine(
      config({
        waiting: { after: { 1000: 'left' }, on: { Noted: {}, Arrived: 'atTheBar' } },
        states: { atTheBar: { on: { Sat: 'seating' } } },
      }),
    )
    expect(migrated(barFirst, (state) => state).map(sentenceOf)).toContainEqual(
      'desk, saga b-1, row 3 of version 1, migrated after row 2: in waiting, on Arrived: state.value expected "seating", found "atTheBar"',
    )
  })

  test('that loses what the saga knew is found; what it adds is the new machine’s own', () => {
    const forgets = ({ context, ...state }: MachineState) => ({ ...state, context: { ...context, notes: 0 } })
    const counting = deskMachine(config())
    expect(migrated(counting, forgets)).not.toEqual([])
    const adds = ({ context, ...state }: MachineState) => ({ ...state, context: { ...context, table: null } })
    expect(migrated(counting, adds)).toEqual([])
  })
})

test('divergences of one kind are one group, the most frequent first', () => {
  const machine = release({ version: '1' })
  const sagas = ['b-1', 'b-2', 'b-3'].map((id) => seated.map((row) => ({ ...row, sagaId: id })))
  const groups = grouped(sagas.flatMap((rows) => replay(machine, rows, heard).divergences))
  expect(groups[0]).toMatchObject({ sagas: 3, first: { sagaId: 'b-1' } })
})
