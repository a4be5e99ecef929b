import type { ProgressView, SagaProgress } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Copy } from '../../elements/Copy.tsx'
import { statusOf } from '../../elements/causes.ts'
import { Empty } from '../../elements/Empty.tsx'
import { Fact } from '../../elements/Fact.tsx'
import { Status } from '../../elements/Status.tsx'
import { Age, Time } from '../../elements/Time.tsx'
import { Why } from '../../elements/Why.tsx'
import { pathOf } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'
import { Milestones } from './Milestones.tsx'
import './support.css'

/** How far is it? For whoever answers a customer, who has an id of some kind: in plain words, without any payload. */
export function SupportScreen({ id }: { readonly id: string }) {
  // An id that is not known yet may be that of a saga to come.
  const progress = useQuery<ProgressView>(
    `/progress/${encodeURIComponent(id)}`,
    ({ type }) => type === 'sagas',
  )
  return (
    <div className="stack">
      <header className="screen-head">
        <h1 tabIndex={-1}>
          How far is <span className="mono support-id">{id}</span>?
        </h1>
      </header>
      <Answered query={progress}>
        {({ sagas, isPartial }) => (
          <>
            {sagas.length === 0 && <Nothing id={id} />}
            {sagas.map((saga) => (
              <Progress key={saga.sagaId} saga={saga} isOther={saga.sagaId !== id} />
            ))}
            {isPartial && (
              <p className="soft">
                The id stands in more sagas than are shown here.{' '}
                <Link to={`/sagas?${new URLSearchParams({ q: id })}`}>See them all</Link>
              </p>
            )}
          </>
        )}
      </Answered>
    </div>
  )
}

function Progress({ saga, isOther }: { readonly saga: SagaProgress; readonly isOther: boolean }) {
  const { sagaId, sentence, why, milestones, beganAt, at, dueAt, state } = saga
  const { word, icon, tone } = statusOf(saga)
  return (
    <section className="panel support" aria-label={`Saga ${sagaId}`}>
      <div className="row">
        <Status tone={tone} icon={icon}>
          {word}
        </Status>
        {isOther && (
          <span>
            found in saga <span className="mono support-id">{sagaId}</span>{' '}
            <Copy text={sagaId} what="saga id" />
          </span>
        )}
      </div>
      <Why why={why} sentence={sentence} />
      {milestones.length > 0 && <Milestones saga={saga} />}
      <dl className="facts">
        <Fact name="Began">
          <Time at={beganAt} />
        </Fact>
        <Fact name={state === 'ended' ? 'Took' : 'Last news'}>
          {state === 'ended' ? <Age since={beganAt} until={at} /> : <Time at={at} />}
        </Fact>
        {dueAt && (
          <Fact name="Due">
            <Time at={dueAt} />
          </Fact>
        )}
        {why?.responsible && <Fact name="Waits for">{why.responsible}</Fact>}
      </dl>
      <p>
        <Link to={pathOf({ screen: 'saga', sagaId })}>Everything about it</Link>
      </p>
    </section>
  )
}

function Nothing({ id }: { readonly id: string }) {
  return (
    <section className="panel">
      <Empty icon="search" title={`Nothing is known of ${id}`}>
        It was looked for as the id of a saga, of an event, of a trace, and of whatever events name by an id.
        If it is new, it shows here by itself. Stories are removed when no step of theirs can be read again.
      </Empty>
    </section>
  )
}
