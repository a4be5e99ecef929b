import type { SagaList } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { useSteadyRows } from '../../elements/steady.ts'
import { pickParams, withParams } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'
import { clearParams, useParam, useSearch } from '../../router/location.ts'
import { Export } from './Export.tsx'
import { Filters } from './Filters.tsx'
import { filterNames, isFiltered } from './filter.ts'
import { SagaTable } from './SagaTable.tsx'
import { SavedFilters } from './SavedFilters.tsx'
import './sagas.css'

const pageSize = '50'

/** Where is order 123? */
export function SagasScreen() {
  const search = useSearch()
  const filter = pickParams(search, filterNames)
  const path = `/sagas${pickParams(search, [...filterNames, 'cursor'], { limit: pageSize })}`
  const query = useQuery<SagaList>(path, ({ type }) => type === 'sagas')
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>Sagas</h1>
        {query.data && <span className="soft">{total(query.data)}</span>}
        <div className="actions row">
          <Export filter={filter} />
        </div>
      </header>
      <SavedFilters filter={filter} />
      <Filters />
      <Answered query={query}>
        {(list) =>
          list.sagas.length === 0 ? (
            <NoneFound search={search} />
          ) : (
            <Rows key={path} path={path} list={list} />
          )
        }
      </Answered>
    </div>
  )
}

function Rows({ path, list }: { readonly path: string; readonly list: SagaList }) {
  const { rows, waiting, release, listProps } = useSteadyRows(path, list.sagas, ({ sagaId }) => sagaId)
  return (
    <section className="panel" {...listProps}>
      <p className="fresh" aria-live="polite">
        {waiting > 0 && (
          <button type="button" className="button" onClick={release}>
            {waiting} new {waiting === 1 ? 'saga' : 'sagas'}: show
          </button>
        )}
      </p>
      <SagaTable sagas={rows} />
      <Pages list={list} />
    </section>
  )
}

/** Every page has its address, so that the browser's Back leads to the one before. */
function Pages({ list: { next } }: { readonly list: SagaList }) {
  const search = useSearch()
  const [cursor] = useParam('cursor')
  if (!cursor && !next) return null
  return (
    <footer className="pages">
      {cursor && (
        <Link className="button" to={`/sagas${withParams(search, { cursor: null })}`}>
          First page
        </Link>
      )}
      {next && (
        <Link className="button" to={`/sagas${withParams(search, { cursor: next })}`}>
          Next {pageSize}
        </Link>
      )}
    </footer>
  )
}

function NoneFound({ search }: { readonly search: string }) {
  return (
    <section className="panel">
      {isFiltered(search) ? (
        <Empty icon="search" title="No saga matches">
          <button type="button" className="button" onClick={() => clearParams([...filterNames, 'cursor'])}>
            Clear the filter
          </button>
        </Empty>
      ) : (
        <Empty icon="sagas" title="No sagas yet">
          Begin one with <code>npm run demo</code>, then come back <Link to="/">to the overview</Link>.
        </Empty>
      )}
    </section>
  )
}

function total({ total, isPartial }: SagaList): string {
  if (isPartial) return `${total.toLocaleString('en')} or more: only the oldest were looked at`
  return total >= 10_000 ? '10,000 or more' : total.toLocaleString('en')
}
