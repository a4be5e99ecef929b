import type { StepView } from '../../../services/tracker/api.ts'
import { words } from '../../diagram/machine.ts'
import { Icon, type IconName } from '../../elements/Icon.tsx'
import { nameOf } from './lanes.ts'

const causeIcons: Readonly<Record<StepView['cause']['kind'], IconName>> = {
  event: 'down',
  timer: 'clock',
  answer: 'effect',
  retry: 'effect',
  poison: 'stuck',
  command: 'person',
  unstarted: 'clock',
}

const causeWords: Readonly<Record<StepView['cause']['kind'], string>> = {
  event: '',
  timer: '',
  answer: ' answers',
  retry: ' fails and is tried again',
  poison: ' cannot be handled',
  command: '',
  unstarted: ' is given up',
}

type StepCardProps = {
  readonly step: StepView
  readonly isSelected: boolean
  readonly onSelect: () => void
}

/** One step: what came in, what it changed, what went out. */
export function StepCard({ step, isSelected, onSelect }: StepCardProps) {
  const { cause, before, after, changes, emitted, timersStarted, effectsStarted, outcome } = step
  return (
    <button
      type="button"
      className={cause.error ? 'step is-bad' : 'step'}
      aria-expanded={isSelected}
      data-row
      data-step={nameOf(step)}
      onClick={onSelect}
    >
      <span className="step-in" data-event-in={cause.id}>
        <Icon name={causeIcons[cause.kind]} size={13} />
        <span>
          {words(cause.name)}
          <span className="soft">
            {causeWords[cause.kind]}
            {cause.by !== undefined && `, by ${cause.by}`}
          </span>
        </span>
        {outcome !== 'applied' && <span className="tag">{outcome}</span>}
      </span>
      <span className="step-state">
        {before === after ? (
          <span className="soft">{after === null ? 'not begun' : `stays ${after}`}</span>
        ) : (
          <>
            <span className="soft">{before ?? '·'}</span>
            <Icon name="right" size={12} />
            <strong>{after ?? '·'}</strong>
          </>
        )}
        {changes.length > 0 && (
          <span className="step-changes" title={changes.map(({ path }) => path).join(', ')}>
            ± {changes.length}
          </span>
        )}
      </span>
      {emitted.map(({ id, type }) => (
        <span key={id} className="step-out" data-event-out={id}>
          <Icon name="up" size={13} />
          {type}
        </span>
      ))}
      {[
        ...effectsStarted.map(({ id }) => ({ id, icon: 'effect' as const })),
        ...timersStarted.map(({ name }) => ({ id: name, icon: 'clock' as const })),
      ].map(({ id, icon }) => (
        <span key={icon + id} className="step-out soft">
          <Icon name={icon} size={13} />
          {id} <span>begins</span>
        </span>
      ))}
    </button>
  )
}
