import type { TraceView } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { duration } from '../../format/durations.ts'
import { waterfall } from './waterfall.ts'

/** The saga's traces as a waterfall: what was done where, and how long it took. */
export function TraceTab({ sagaId }: { readonly sagaId: string }) {
  const trace = useQuery<TraceView>(`/sagas/${encodeURIComponent(sagaId)}/trace`)
  if (trace.error?.code === 'traces-unavailable')
    return (
      <section className="panel">
        <Empty icon="lag" title="Traces are not collected here">
          Jaeger keeps them: <code>npm run infra:build -- --only jaeger</code> brings it, and the next{' '}
          <code>npm start</code> uses it.
        </Empty>
      </section>
    )
  return (
    <section className="panel trace">
      <Answered query={trace}>
        {(view) =>
          view.spans.length === 0 ? (
            <Empty icon="lag" title="No span of this saga is kept">
              Traces are kept for a shorter time than stories.
            </Empty>
          ) : (
            <Waterfall view={view} />
          )
        }
      </Answered>
    </section>
  )
}

function Waterfall({ view }: { readonly view: TraceView }) {
  const total = Math.max(...view.spans.map(({ offset, duration }) => offset + duration), 1)
  const traces = [...new Set(view.spans.map(({ traceId }) => traceId))]
  return (
    <>
      <header>
        <h2>
          {view.spans.length} spans in {duration(total)}
        </h2>
        <span className="row">
          {traces.map((traceId) =>
            view.link ? (
              <a
                key={traceId}
                className="button"
                href={view.link.replace('{traceId}', traceId)}
                target="_blank"
                rel="noreferrer"
              >
                <Icon name="external" size={14} />
                Jaeger
              </a>
            ) : (
              <code key={traceId}>{traceId}</code>
            ),
          )}
        </span>
      </header>
      <ol className="spans">
        {waterfall(view.spans).map(({ span, depth }) => {
          const { spanId, service, name, offset, isError, attributes } = span
          return (
            <li key={spanId}>
              <details>
                <summary className={isError ? 'span is-bad' : 'span'} data-row>
                  <span className="span-name cut" style={{ paddingLeft: `${Math.min(depth, 12) * 0.75}rem` }}>
                    <strong>{service}</strong> {name}
                    {isError && <span className="bad-word"> failed</span>}
                  </span>
                  <span className="span-room">
                    <span
                      className="span-bar"
                      style={{
                        left: `${(offset / total) * 100}%`,
                        width: `max(3px, ${(span.duration / total) * 100}%)`,
                      }}
                    />
                  </span>
                  <span className="number small">{duration(span.duration)}</span>
                </summary>
                <dl className="details-facts small span-attributes">
                  {Object.entries(attributes).map(([key, value]) => (
                    <div key={key}>
                      <dt>{key}</dt>
                      <dd className="mono">{value}</dd>
                    </div>
                  ))}
                </dl>
              </details>
            </li>
          )
        })}
      </ol>
    </>
  )
}
