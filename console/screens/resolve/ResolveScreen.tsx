import { useEffect } from 'react'
import type { SagaList } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { pathOf } from '../../router/address.ts'
import { navigate } from '../../router/location.ts'
import { SagaTable } from '../sagas/SagaTable.tsx'
import '../sagas/sagas.css'

/** Any id leads to the saga that it stands in. */
export function ResolveScreen({ id }: { readonly id: string }) {
  const found = useQuery<SagaList>(`/sagas?${new URLSearchParams({ q: id, limit: '50' })}`)
  const [only, ...more] = found.data?.sagas ?? []
  useEffect(() => {
    if (only && more.length === 0)
      navigate(pathOf({ screen: 'saga', sagaId: only.sagaId }), { replace: true })
  }, [only, more.length])
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>
          Looking for <span className="mono">{id}</span>
        </h1>
      </header>
      <section className="panel">
        <Answered query={found}>
          {({ sagas }) => (sagas.length === 0 ? <Nothing id={id} /> : <SagaTable sagas={sagas} />)}
        </Answered>
      </section>
    </div>
  )
}

function Nothing({ id }: { readonly id: string }) {
  return (
    <Empty icon="search" title={`Nothing is known of ${id}`}>
      It was looked for as the id of a saga, of an event, of a trace, and of whatever events name by an id.
      Stories are removed when no step of theirs can be read again.
    </Empty>
  )
}
