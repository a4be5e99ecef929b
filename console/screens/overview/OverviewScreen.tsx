import type { Overview, StreamEvent, Stuck } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Endings } from './Endings.tsx'
import { Figures } from './Figures.tsx'
import { Minutes } from './Minutes.tsx'
import { Notices } from './Notices.tsx'
import { Oldest } from './Oldest.tsx'
import './overview.css'

const concerns = ({ type }: StreamEvent) => type !== 'operation'

/** Is the system well? */
export function OverviewScreen() {
  const overview = useQuery<Overview>('/overview', concerns)
  const stuck = useQuery<Stuck>('/stuck', concerns)
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Overview</h1>
      </header>
      <Answered query={overview}>
        {(data) => (
          <>
            <Notices overview={data} stuck={stuck.data} />
            {isEmpty(data) ? <NoSagas /> : <Panels overview={data} />}
          </>
        )}
      </Answered>
    </div>
  )
}

function Panels({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <Figures overview={overview} />
      <div className="overview-panels">
        <Minutes minutes={overview.minutes} />
        <Endings endings={overview.endings} />
      </div>
      <Oldest />
    </>
  )
}

function NoSagas() {
  return (
    <section className="panel">
      <Empty icon="sagas" title="No sagas yet">
        Begin one: <code>npm run demo</code> lists what can be played, and <code>./chorus orders place</code>{' '}
        places an order.
      </Empty>
    </section>
  )
}

function isEmpty({ counts }: Overview): boolean {
  return counts.running + counts.waiting + counts.ended === 0
}
