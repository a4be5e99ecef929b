import type { Topology } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { useParam } from '../../router/location.ts'
import { columnsOf } from './columns.ts'
import { EdgeTable } from './EdgeTable.tsx'
import { TopologyDrawing } from './TopologyDrawing.tsx'
import './topology.css'

/** Who talks to whom? */
export function TopologyScreen() {
  const topology = useQuery<Topology>('/topology', ({ type }) => type === 'lag')
  const [chosen, choose] = useParam('edge')
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Topology</h1>
        <span className="soft">
          by contracts and definitions, with what was seen in the last five minutes
        </span>
      </header>
      <Answered query={topology}>
        {(data) =>
          data.edges.length === 0 ? (
            <section className="panel">
              <Empty icon="topology" title="No service has made itself known">
                Each publishes its definition when it starts: <code>npm start</code>
              </Empty>
            </section>
          ) : (
            <>
              <Undeclared topology={data} />
              <TopologyDrawing columns={columnsOf(data)} chosen={chosen} onChoose={choose} />
              <EdgeTable edges={data.edges} chosen={chosen} onChoose={choose} />
            </>
          )
        }
      </Answered>
    </div>
  )
}

function Undeclared({ topology }: { readonly topology: Topology }) {
  const undeclared = topology.edges.filter(({ kind }) => kind === 'undeclared')
  if (undeclared.length === 0) return null
  return (
    <p className="notice bad">
      <Icon name="stuck" />
      <span>
        Seen, and no contract or definition says it:{' '}
        {undeclared
          .map(({ from, to, events }) => `${from} → ${to} (${events.map(({ type }) => type).join(', ')})`)
          .join('; ')}
        . Whoever says it has to declare it, with a contract and in the machine that hears it, or to stop
        saying it.
      </span>
    </p>
  )
}
