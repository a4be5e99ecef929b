import type { ReactNode } from 'react'
import type { Overview } from '../../../services/tracker/api.ts'
import { Icon, type IconName } from '../../elements/Icon.tsx'
import { duration } from '../../format/durations.ts'
import { Link } from '../../router/Link.tsx'

/** The numbers; each leads to the list behind it. */
export function Figures({ overview }: { readonly overview: Overview }) {
  const { counts, duration: took, overdue, stuck, isStuckPartial, deadLetters, worstLag } = overview
  return (
    <ul className="figures">
      <Figure to="/sagas?state=running" label="Running" icon="running" value={counts.running}>
        an event or a call is under way
      </Figure>
      <Figure to="/sagas?state=waiting" label="Waiting" icon="waiting" value={counts.waiting}>
        within their deadlines or stuck
      </Figure>
      <Figure to="/sagas?state=ended" label="Ended" icon="check" value={counts.ended}>
        {took ? `half of them within ${duration(took.p50)}` : 'none in the last hour'}
      </Figure>
      <Figure
        to="/sagas?state=ended&sort=newest"
        label="p95 duration"
        icon="clock"
        value={took ? duration(took.p95) : '–'}
      >
        {took
          ? `of ${took.sagas.toLocaleString('en')} in the last hour`
          : 'no saga has ended in the last hour'}
      </Figure>
      <Figure to="/stuck" label="Stuck" icon="stuck" value={stuck} isBad={stuck > 0}>
        {overdue > 0 ? `${overdue.toLocaleString('en')} overdue` : 'nothing overdue'}
        {isStuckPartial && '; only the oldest were looked at'}
      </Figure>
      <Figure
        to="/dead-letters"
        label="Dead letters"
        icon="dead-letters"
        value={deadLetters}
        isBad={deadLetters > 0}
      >
        {deadLetters > 0 ? 'wait for somebody' : 'nothing to redrive'}
      </Figure>
      <Figure
        to={worstLag && worstLag.lag > 0 ? `/lag?group=${encodeURIComponent(worstLag.group)}` : '/lag'}
        label="Worst lag"
        icon="lag"
        value={worstLag?.lag ?? '–'}
      >
        {worstLag && worstLag.lag > 0
          ? `${worstLag.group}${worstLag.seconds === null ? '' : `, ${duration(worstLag.seconds * 1_000)} behind`}`
          : 'everybody has caught up'}
      </Figure>
    </ul>
  )
}

type FigureProps = {
  readonly to: string
  readonly label: string
  readonly icon: IconName
  readonly value: number | string
  readonly isBad?: boolean
  readonly children: ReactNode
}

function Figure({ to, label, icon, value, isBad = false, children }: FigureProps) {
  return (
    <li className={isBad ? 'figure is-bad' : 'figure'}>
      <Link to={to} className="row-link" data-row>
        <Icon name={icon} size={14} />
        {label}
      </Link>
      <strong>{typeof value === 'number' ? value.toLocaleString('en') : value}</strong>
      <span className="soft small">{children}</span>
    </li>
  )
}
