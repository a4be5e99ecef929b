import type { SagaSummary } from '../../../services/tracker/api.ts'
import { Copy } from '../../elements/Copy.tsx'
import { statusOf } from '../../elements/causes.ts'
import { Id } from '../../elements/Id.tsx'
import { Sentence } from '../../elements/Sentence.tsx'
import { Status } from '../../elements/Status.tsx'
import { Age, Time } from '../../elements/Time.tsx'
import { pathOf } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'

/** One saga a row: which it is, how it is, and the sentence that says why. */
export function SagaTable({ sagas }: { readonly sagas: readonly SagaSummary[] }) {
  return (
    <table className="table cards saga-table">
      <thead>
        <tr>
          <th>Saga</th>
          <th>Status</th>
          <th>Why</th>
          <th>Steps</th>
          <th className="number">Age</th>
          <th className="number">Due</th>
        </tr>
      </thead>
      <tbody>
        {sagas.map((saga) => (
          <Row key={saga.sagaId} saga={saga} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ saga }: { readonly saga: SagaSummary }) {
  const { word, icon, tone } = statusOf(saga)
  const { sagaId, sentence, participants, beganAt, at, dueAt, state } = saga
  return (
    <tr>
      <td>
        <div className="saga-id">
          <Link to={pathOf({ screen: 'saga', sagaId })} className="row-link" data-row>
            <Id id={sagaId} />
            <span className="hidden-visually"> {word}</span>
          </Link>
          <Copy text={sagaId} what="saga id" />
        </div>
      </td>
      <td>
        <Status tone={tone} icon={icon}>
          {word}
        </Status>
      </td>
      <td className={state === 'ended' ? 'wide saga-sentence is-ended' : 'wide saga-sentence'}>
        <span title={sentence}>
          <Sentence text={sentence} />
        </span>
      </td>
      <td className="wide saga-steps">
        {participants
          .filter(({ status }) => status !== 'unstarted')
          .map(({ participant, state }) => (
            <span key={participant}>
              <span className="soft">{participant}</span> {state}
            </span>
          ))}
      </td>
      <td className="number" data-label="age">
        <Age since={beganAt} until={state === 'ended' ? at : undefined} />
      </td>
      <td className="number" data-label={dueAt ? 'due' : undefined}>
        {dueAt ? <Time at={dueAt} /> : <span className="soft desktop-only">–</span>}
      </td>
    </tr>
  )
}
