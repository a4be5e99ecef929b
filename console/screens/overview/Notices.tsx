import type { Overview, Stuck } from '../../../services/tracker/api.ts'
import { BrokerAway } from '../../elements/BrokerAway.tsx'
import { causes } from '../../elements/causes.ts'
import { Icon } from '../../elements/Icon.tsx'
import { Status } from '../../elements/Status.tsx'
import { Age } from '../../elements/Time.tsx'
import { Link } from '../../router/Link.tsx'

/** A share says something about many sagas only; below that it is chance. */
const enough = 100
const tooMany = 0.25

/** In whole percent; what grows while it is read is never all of it. */
function percent({ read, end }: Overview['tracker']): number {
  return end === 0 ? 0 : Math.floor((read / end) * 100)
}

/** What somebody should know before anything else: what is stuck and for whom, and whether the figures can be believed. */
export function Notices({
  overview,
  stuck,
}: {
  readonly overview: Overview
  readonly stuck: Stuck | undefined
}) {
  const { tracker, minutes, brokerError } = overview
  const ended = minutes.reduce((sum, minute) => sum + minute.ended, 0)
  const compensated = minutes.reduce((sum, minute) => sum + minute.compensated, 0)
  return (
    <>
      {tracker.state === 'rebuilding' && (
        <p className="notice accent" role="status">
          <Icon name="running" />
          <span>
            The stories are told anew: {tracker.read.toLocaleString('en')} of{' '}
            {tracker.end.toLocaleString('en')} steps read ({percent(tracker)} %). Until then the old ones are
            shown.
          </span>
          <progress value={tracker.read} max={tracker.end} aria-label="Steps read" />
        </p>
      )}
      {brokerError && <BrokerAway error={brokerError} />}
      {ended >= enough && compensated / ended > tooMany && (
        <p className="notice warn">
          <Icon name="undo" />
          <span>
            {Math.round((compensated / ended) * 100)} % of the sagas that ended in the last hour were
            compensated.
          </span>
        </p>
      )}
      {stuck && stuck.groups.length > 0 && (
        <ul className="panel stuck-causes" aria-label="Stuck">
          {stuck.groups.map(({ cause, responsible, count, oldest }) => (
            <li key={cause + responsible}>
              <Status tone="bad" icon={causes[cause].icon}>
                {causes[cause].word}
              </Status>
              <span>
                {count.toLocaleString('en')} {count === 1 ? 'saga waits' : 'sagas wait'} for{' '}
                <strong>{responsible}</strong>, the oldest for <Age since={oldest} />
              </span>
              <Link to={`/stuck?cause=${cause}`} className="row-link" data-row>
                Look at {count === 1 ? 'it' : 'them'}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
