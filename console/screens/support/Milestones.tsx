import type { SagaProgress } from '../../../services/tracker/api.ts'
import { Icon } from '../../elements/Icon.tsx'
import { Time } from '../../elements/Time.tsx'
import { standingOf, wayInWords } from './standing.ts'

/** The way that a saga is meant to go, and how far it is on it. */
export function Milestones({ saga }: { readonly saga: SagaProgress }) {
  const { milestones } = saga
  return (
    <ol className="milestones" aria-label={wayInWords(milestones)}>
      {milestones.map((milestone) => {
        const { name, standing, at } = milestone
        const { word, icon } = standingOf(milestone, saga)
        const isHeldUp = standing === 'next' && saga.why?.isStuck
        return (
          <li
            key={name}
            className={isHeldUp ? 'next is-bad' : standing}
            aria-current={standing === 'next' ? 'step' : undefined}
          >
            <span className="milestone-mark">
              <Icon name={icon} size={14} />
            </span>
            <strong>{name}</strong>
            <span className="small milestone-word">{at ? <Time at={at} /> : word}</span>
            {at && <span className="hidden-visually">{word}</span>}
          </li>
        )
      })}
    </ol>
  )
}
