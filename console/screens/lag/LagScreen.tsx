import { useMemo } from 'react'
import type { Lag } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { BrokerAway } from '../../elements/BrokerAway.tsx'
import { Chart } from '../../elements/Chart.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Status } from '../../elements/Status.tsx'
import { Time } from '../../elements/Time.tsx'
import { duration } from '../../format/durations.ts'
import { useParam } from '../../router/location.ts'
import { Partitions } from './Partitions.tsx'
import './lag.css'

type Group = Lag['groups'][number]

/** Who is behind? */
export function LagScreen() {
  const lag = useQuery<Lag>('/lag', ({ type }) => type === 'lag')
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Lag</h1>
        {lag.data?.at && (
          <span className="soft">
            as the broker said it <Time at={lag.data.at} />
          </span>
        )}
      </header>
      <Answered query={lag}>{(data) => <Groups lag={data} />}</Answered>
    </div>
  )
}

function Groups({ lag: { error, groups } }: { readonly lag: Lag }) {
  const [opened, open] = useParam('group')
  return (
    <>
      {error && <BrokerAway error={error} />}
      {groups.length === 0 && (
        <section className="panel">
          <Empty icon="lag" title="No consumer group is known yet">
            Services make themselves known when they start: <code>npm start</code>
          </Empty>
        </section>
      )}
      <div className="lag-groups">
        {groups
          .toSorted((a, b) => b.lag - a.lag || a.group.localeCompare(b.group))
          .map((group) => (
            <GroupPanel
              key={group.group}
              group={group}
              isStale={error !== null}
              isOpened={opened === group.group}
              onToggle={() => open(opened === group.group ? null : group.group)}
            />
          ))}
      </div>
    </>
  )
}

type GroupPanelProps = {
  readonly group: Group
  readonly isStale: boolean
  readonly isOpened: boolean
  readonly onToggle: () => void
}

function GroupPanel({ group, isStale, isOpened, onToggle }: GroupPanelProps) {
  const { lag, members, partitions } = group
  const seconds = Math.max(0, ...partitions.map(({ seconds }) => seconds ?? 0))
  return (
    <section className={isStale ? 'panel lag-group is-stale' : 'panel lag-group'}>
      <header>
        <h2>
          <button type="button" className="lag-name" data-row aria-expanded={isOpened} onClick={onToggle}>
            <Icon name={isOpened ? 'drop' : 'next'} size={13} />
            {group.group}
          </button>
        </h2>
        <Standing members={members} lag={lag} seconds={seconds} />
        <span className="soft small">
          {members} {members === 1 ? 'member' : 'members'} · {partitions.length}{' '}
          {partitions.length === 1 ? 'partition' : 'partitions'}
        </span>
      </header>
      <div className="panel-body">
        <History history={group.history} name={group.group} />
      </div>
      {isOpened && <Partitions partitions={partitions} />}
    </section>
  )
}

function Standing({
  members,
  lag,
  seconds,
}: {
  readonly members: number
  readonly lag: number
  readonly seconds: number
}) {
  if (members === 0)
    return (
      <Status tone="bad" icon="stuck">
        no members{lag > 0 && `, ${lag.toLocaleString('en')} behind`}
      </Status>
    )
  if (lag === 0)
    return (
      <Status tone="good" icon="check">
        caught up
      </Status>
    )
  return (
    <Status tone={seconds >= 30 ? 'warn' : 'accent'} icon={seconds >= 30 ? 'clock' : 'running'}>
      {lag.toLocaleString('en')} behind{seconds > 0 && `, ${duration(seconds * 1_000)}`}
    </Status>
  )
}

function History({ history, name }: { readonly history: Group['history']; readonly name: string }) {
  const { times, lines } = useMemo(
    () => ({
      times: history.map(({ at }) => Date.parse(at) / 1_000),
      lines: [
        { label: 'records behind', colour: '--accent', kind: 'area', values: history.map(({ lag }) => lag) },
        { label: 'seconds behind', colour: '--warn', values: history.map(({ seconds }) => seconds) },
      ] as const,
    }),
    [history],
  )
  if (history.length < 2)
    return <p className="soft small">The curve begins with the next look at the broker.</p>
  return <Chart title={`Lag of ${name}`} times={times} lines={lines} height={110} />
}
