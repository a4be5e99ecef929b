import type { SagaView } from '../../../services/tracker/api.ts'
import { Json } from '../../elements/Json.tsx'

/** What each machine keeps now. Fields that a contract marks as personal are masked by the tracker. */
export function DataTab({ view: { parts } }: { readonly view: SagaView }) {
  return (
    <div className="data-tab">
      {parts.map(({ participant, state, version, context }) => (
        <section key={participant} className="panel">
          <header>
            <h2>{participant}</h2>
            <span className="soft small">
              {state ?? 'not begun'}, version {version}
            </span>
          </header>
          <div className="panel-body">
            <Json value={context} what={`data of ${participant}`} />
          </div>
        </section>
      ))}
    </div>
  )
}
