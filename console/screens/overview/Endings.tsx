import { Link } from '../../router/Link.tsx'

/** How many sagas ended how. */
export function Endings({ endings }: { readonly endings: Readonly<Record<string, number>> }) {
  const rows = Object.entries(endings).sort(([, a], [, b]) => b - a)
  const total = rows.reduce((sum, [, count]) => sum + count, 0)
  return (
    <section className="panel">
      <header>
        <h2>How they ended</h2>
        <span className="soft small">{total.toLocaleString('en')} in all</span>
      </header>
      <ul className="endings">
        {rows.map(([ending, count]) => (
          <li key={ending}>
            <Link
              to={`/sagas?state=ended&ending=${encodeURIComponent(ending)}`}
              className="row-link"
              data-row
            >
              {ending}
            </Link>
            <span className="number">{count.toLocaleString('en')}</span>
            <span className="soft number small">{share(count, total)}</span>
            <meter min={0} max={total} value={count} aria-label={`${ending}: ${count} of ${total}`} />
          </li>
        ))}
        {rows.length === 0 && <li className="soft">No saga has ended yet.</li>}
      </ul>
    </section>
  )
}

function share(count: number, total: number): string {
  const percent = (count / total) * 100
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`
}
