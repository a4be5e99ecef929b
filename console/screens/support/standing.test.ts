import { expect, test } from '@jest/globals'
import type { MilestoneView, SagaProgress } from '../../../services/tracker/api.ts'
import { standingOf, wayInWords } from './standing.ts'

const milestone = (standing: MilestoneView['standing']): MilestoneView => ({
  name: 'Cooked',
  standing,
  at: null,
})
const stuck = { isStuck: true } as SagaProgress['why']
const word = (
  standing: MilestoneView['standing'],
  saga: Partial<Pick<SagaProgress, 'why' | 'isCompensating'>> = {},
) => standingOf(milestone(standing), { why: null, isCompensating: false, ...saga }).word

test('a milestone is done, under way, to come, or will not come', () => {
  expect((['reached', 'next', 'open', 'closed'] as const).map((standing) => word(standing))).toEqual([
    'done',
    'now',
    'to come',
    'will not come',
  ])
})

test('what stuck sagas and sagas that undo something still reach is not promised', () => {
  expect(word('next', { why: stuck })).toBe('held up')
  expect(word('open', { isCompensating: true })).toBe('may not come')
})

test('the way is told in one line', () => {
  expect(wayInWords([milestone('reached'), milestone('next'), milestone('open')])).toBe(
    '1 of 3 steps are done',
  )
})
