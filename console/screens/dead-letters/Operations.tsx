import type { Operation } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Status } from '../../elements/Status.tsx'
import { Time } from '../../elements/Time.tsx'

/** Who did what lately. The journals and the letters keep it for good. */
export function Operations() {
  const { data } = useQuery<{ readonly operations: readonly Operation[] }>(
    '/operations',
    ({ type }) => type === 'operation',
  )
  if (!data || data.operations.length === 0) return null
  return (
    <section className="panel">
      <header>
        <h2>Operations</h2>
        <span className="soft small">since the tracker was started</span>
      </header>
      <table className="table cards">
        <thead>
          <tr>
            <th>What</th>
            <th>State</th>
            <th>By</th>
            <th>Reason</th>
            <th className="number">When</th>
          </tr>
        </thead>
        <tbody>
          {data.operations.map(({ id, action, by, reason, at, total, done, failed, state }) => (
            <tr key={id}>
              <td className="wide">
                {action}: {done} of {total}
              </td>
              <td>
                {state === 'running' ? (
                  <Status tone="accent" icon="running">
                    Under way
                  </Status>
                ) : (
                  <Status tone={failed > 0 ? 'bad' : 'good'} icon={failed > 0 ? 'stuck' : 'check'}>
                    {failed > 0 ? `${failed} failed` : 'Done'}
                  </Status>
                )}
              </td>
              <td>{by}</td>
              <td className="wide">{reason}</td>
              <td className="number">
                <Time at={at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
