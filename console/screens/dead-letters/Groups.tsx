import type { DeadLetters } from '../../../services/tracker/api.ts'
import { Time } from '../../elements/Time.tsx'
import { Link } from '../../router/Link.tsx'

/** Letters of one reason, group and type are one matter: usually they are mended and redriven together. */
export function Groups({ groups }: Pick<DeadLetters, 'groups'>) {
  return (
    <section className="panel">
      <header>
        <h2>By reason</h2>
      </header>
      <table className="table cards">
        <thead>
          <tr>
            <th>Reason</th>
            <th>Group</th>
            <th>Event</th>
            <th className="number">Letters</th>
            <th className="number">First</th>
            <th className="number">Last</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ group, code, type, reason, count, first, last }) => (
            <tr key={[group, code, type].join()}>
              <td className="wide letter-reason">
                <Link
                  className="row-link mono"
                  to={`/dead-letters?${new URLSearchParams({ group, code, ...(type && { type }) })}`}
                >
                  {code}
                </Link>
                <span className="soft small cut">{reason}</span>
              </td>
              <td>{group}</td>
              <td>{type ?? <span className="soft">unknown</span>}</td>
              <td className="number" data-label="letters">
                {count.toLocaleString('en')}
              </td>
              <td className="number" data-label="first">
                <Time at={first} />
              </td>
              <td className="number" data-label="last">
                <Time at={last} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
