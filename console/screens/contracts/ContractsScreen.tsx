import type { ContractsView } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Link } from '../../router/Link.tsx'
import { useParam } from '../../router/location.ts'
import { Contract } from './Contract.tsx'
import './contracts.css'

/** What does this event look like? */
export function ContractsScreen() {
  const contracts = useQuery<ContractsView>('/contracts')
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Contracts</h1>
        {contracts.data && <span className="soft">{contracts.data.events.length} events and commands</span>}
        <div className="actions">
          <a className="button" href="/api/v1/contracts/asyncapi.json" download="asyncapi.json">
            <Icon name="download" size={14} />
            AsyncAPI
          </a>
        </div>
      </header>
      <Answered query={contracts}>{({ events }) => <Browser events={events} />}</Answered>
    </div>
  )
}

function Browser({ events }: ContractsView) {
  const [chosen] = useParam('event')
  const event = events.find(({ type }) => type === chosen) ?? events[0]
  if (!event)
    return (
      <section className="panel">
        <Empty icon="contracts" title="There are no contracts">
          Each is an Avro schema in <code>contracts/</code>, published by{' '}
          <code>npm run contracts:publish</code>
        </Empty>
      </section>
    )
  const owners = [...Map.groupBy(events, ({ owner }) => owner)]
  return (
    <div className="contracts">
      <nav className="panel contracts-list" aria-label="Events">
        {owners.map(([owner, own]) => (
          <section key={owner}>
            <h2>{owner}</h2>
            <ul>
              {own.map(({ type }) => (
                <li key={type}>
                  <Link
                    to={`/contracts?event=${type}`}
                    data-row
                    aria-current={type === event.type ? 'true' : undefined}
                  >
                    {type}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <Contract key={event.type} event={event} />
    </div>
  )
}
