import type { Stuck } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { causes } from '../../elements/causes.ts'
import { Empty } from '../../elements/Empty.tsx'
import { Fold } from '../../elements/Fold.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Status } from '../../elements/Status.tsx'
import { useSteadyRows } from '../../elements/steady.ts'
import { Age } from '../../elements/Time.tsx'
import { Link } from '../../router/Link.tsx'
import { setParams, useParam } from '../../router/location.ts'
import { SagaTable } from '../sagas/SagaTable.tsx'
import '../sagas/sagas.css'

type Group = Stuck['groups'][number]

/** What stopped moving, by cause and by who has to act. */
export function StuckScreen() {
  const stuck = useQuery<Stuck>('/stuck', ({ type }) => type !== 'operation')
  const [cause] = useParam('cause')
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Stuck</h1>
        {stuck.data && <span className="soft">{count(stuck.data.groups).toLocaleString('en')}</span>}
        {cause && (
          <button type="button" className="button" onClick={() => setParams({ cause: null })}>
            <Icon name="close" size={13} />
            only: {cause in causes ? causes[cause as keyof typeof causes].word : cause}
          </button>
        )}
      </header>
      <Answered query={stuck}>
        {({ groups, looked, isPartial }) => {
          const shown = groups.filter((group) => cause === null || group.cause === cause)
          return (
            <>
              {isPartial && <Partial looked={looked} />}
              {shown.length === 0 && <NothingStuck isPartial={isPartial} />}
              {shown.map((group) => (
                <Cause key={group.cause + group.responsible} group={group} />
              ))}
            </>
          )
        }}
      </Answered>
    </div>
  )
}

function Cause({ group }: { readonly group: Group }) {
  const { cause, responsible, count, oldest, sagas } = group
  const { rows, waiting, release, listProps } = useSteadyRows(
    cause + responsible,
    sagas,
    ({ sagaId }) => sagaId,
  )
  return (
    <section className="panel" {...listProps}>
      <header>
        <h2 className="row">
          <Status tone="bad" icon={causes[cause].icon}>
            {causes[cause].word}
          </Status>
          {responsible}
        </h2>
        <span>
          {count.toLocaleString('en')} {count === 1 ? 'saga' : 'sagas'}, the oldest for <Age since={oldest} />
        </span>
        <span className="soft">{causes[cause].remedy}</span>
        {waiting > 0 && (
          <button type="button" className="button" onClick={release}>
            {waiting} new: show
          </button>
        )}
      </header>
      <Fold
        word={sagas.length < count ? `The first ${sagas.length}` : count === 1 ? 'The saga' : 'The sagas'}
      >
        <SagaTable sagas={rows} />
        {count > sagas.length && (
          <footer className="pages">
            <Link className="button" to={`/sagas?cause=${cause}`}>
              All {count.toLocaleString('en')}
            </Link>
          </footer>
        )}
      </Fold>
    </section>
  )
}

function Partial({ looked }: Pick<Stuck, 'looked'>) {
  return (
    <p className="notice warn" role="status">
      <Icon name="stuck" />
      <span>
        More sagas go on than can be looked at: these are of the {looked.toLocaleString('en')} oldest. More
        may be stuck; clear these first, and the next ones follow.
      </span>
    </p>
  )
}

function NothingStuck({ isPartial }: Pick<Stuck, 'isPartial'>) {
  return (
    <section className="panel">
      <Empty icon="check" title={isPartial ? 'None of the oldest is stuck' : 'Nothing is stuck'}>
        {!isPartial && 'Every active saga is within its deadline, and somebody works on it. '}
        <Link to="/sagas?state=active">See the active ones</Link>
      </Empty>
    </section>
  )
}

function count(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0)
}
