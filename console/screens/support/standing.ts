import type { MilestoneView, SagaProgress } from '../../../services/tracker/api.ts'
import type { IconName } from '../../elements/Icon.tsx'

/** How a saga stands to a milestone, in a word and a picture that says the same. */
export type StandingWords = { readonly word: string; readonly icon: IconName }

/** In a saga that is stuck, what comes next is held up; while one undoes something, nobody knows what still comes. */
export function standingOf(
  { standing }: MilestoneView,
  { why, isCompensating }: Pick<SagaProgress, 'why' | 'isCompensating'>,
): StandingWords {
  switch (standing) {
    case 'reached':
      return { word: 'done', icon: 'check' }
    case 'next':
      return why?.isStuck ? { word: 'held up', icon: 'stuck' } : { word: 'now', icon: 'running' }
    case 'open':
      return isCompensating ? { word: 'may not come', icon: 'undo' } : { word: 'to come', icon: 'waiting' }
    case 'closed':
      return { word: 'will not come', icon: 'close' }
  }
}

/** The whole bar in one line. */
export function wayInWords(milestones: readonly MilestoneView[]): string {
  const reached = milestones.filter(({ standing }) => standing === 'reached').length
  return `${reached} of ${milestones.length} steps are done`
}
