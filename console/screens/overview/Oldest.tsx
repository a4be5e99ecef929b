import type { SagaList } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { useSteadyRows } from '../../elements/steady.ts'
import { Link } from '../../router/Link.tsx'
import { SagaTable } from '../sagas/SagaTable.tsx'
import '../sagas/sagas.css'

/** The sagas that have been under way for the longest time. */
export function Oldest() {
  const { data } = useQuery<SagaList>('/sagas?state=active&limit=6', ({ type }) => type === 'sagas')
  const { rows, listProps } = useSteadyRows('oldest', data?.sagas ?? [], ({ sagaId }) => sagaId)
  if (rows.length === 0) return null
  return (
    <section className="panel" {...listProps}>
      <header>
        <h2>Under way the longest</h2>
        <Link to="/sagas?state=active">All active sagas</Link>
      </header>
      <SagaTable sagas={rows} />
    </section>
  )
}
