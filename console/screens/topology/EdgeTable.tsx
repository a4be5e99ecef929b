import { Status } from '../../elements/Status.tsx'
import { Link } from '../../router/Link.tsx'
import { type Edge, rateOf } from './columns.ts'
import { nameOf, said } from './TopologyDrawing.tsx'

type EdgeTableProps = {
  readonly edges: readonly Edge[]
  readonly chosen: string | null
  readonly onChoose: (edge: string | null) => void
}

/** The same as the drawing, in words: the lines, and along each its events. */
export function EdgeTable({ edges, chosen, onChoose }: EdgeTableProps) {
  const shown = chosen === null ? edges : edges.filter((edge) => nameOf(edge) === chosen)
  return (
    <section className="panel">
      <header>
        <h2>{chosen === null ? 'Every line' : chosen.replace('>', ' → ')}</h2>
        {chosen !== null && (
          <button type="button" className="button quiet" onClick={() => onChoose(null)}>
            Show all
          </button>
        )}
      </header>
      <table className="table cards">
        <thead>
          <tr>
            <th>From</th>
            <th>To</th>
            <th>Events</th>
            <th>Seen</th>
            <th className="number">A minute</th>
            <th className="number">Lag</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((edge) => (
            <tr key={nameOf(edge)}>
              <td>
                <button
                  type="button"
                  className="row-link edge-from"
                  data-row
                  onClick={() => onChoose(nameOf(edge))}
                >
                  {edge.from}
                </button>
              </td>
              <td>{edge.to}</td>
              <td className="wide">
                <ul className="row">
                  {edge.events.map(({ type, perMinute }) => (
                    <li key={type} className="above-row-link">
                      <Link to={`/contracts?event=${type}`}>{type}</Link>
                      {perMinute > 0 && <span className="soft small"> {said(perMinute)}</span>}
                    </li>
                  ))}
                </ul>
              </td>
              <td>
                <Seen edge={edge} />
              </td>
              <td className="number" data-label="a minute">
                {said(rateOf(edge))}
              </td>
              <td className="number" data-label="lag">
                {edge.lag ?? <span className="soft">–</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Seen({ edge }: { readonly edge: Edge }) {
  if (edge.kind === 'undeclared')
    return (
      <Status tone="bad" icon="stuck">
        undeclared
      </Status>
    )
  return rateOf(edge) > 0 ? (
    <Status tone="good" icon="check">
      seen
    </Status>
  ) : (
    <Status tone="calm" icon="clock">
      not lately
    </Status>
  )
}
