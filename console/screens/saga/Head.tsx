import { useState } from 'react'
import type { SagaView } from '../../../services/tracker/api.ts'
import { useSettings } from '../../api/settings.ts'
import { Copy } from '../../elements/Copy.tsx'
import { causes, statusOf } from '../../elements/causes.ts'
import { download } from '../../elements/download.ts'
import { Fact } from '../../elements/Fact.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Status } from '../../elements/Status.tsx'
import { Age, Time } from '../../elements/Time.tsx'
import { Why } from '../../elements/Why.tsx'
import { pathOf } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'
import { useSearch } from '../../router/location.ts'
import { CommandDialog } from './CommandDialog.tsx'

/** Which saga it is, and the one sentence that says how it is. */
export function Head({ view }: { readonly view: SagaView }) {
  const { word, icon, tone } = statusOf(view)
  return (
    <header className="saga-head">
      <div className="row spread">
        <div className="row saga-name">
          <Link to="/sagas" className="soft">
            Sagas
          </Link>
          <span className="soft">/</span>
          <span className="mono saga-whole-id">{view.sagaId}</span>
          <Copy text={view.sagaId} what="saga id" />
          <Status tone={tone} icon={icon}>
            {word}
          </Status>
        </div>
        <Actions view={view} />
      </div>
      <Why why={view.why} sentence={view.sentence} />
      <Facts view={view} />
    </header>
  )
}

function Facts({ view }: { readonly view: SagaView }) {
  const { why, beganAt, at, dueAt, state, timeline } = view
  return (
    <dl className="facts">
      {why?.isStuck && (
        <Fact name="What to do">
          {causes[why.cause].remedy} <WhereToLook view={view} />
        </Fact>
      )}
      {why?.responsible && <Fact name="Waits for">{why.responsible}</Fact>}
      {why && (
        <Fact name="Since">
          <Time at={why.since} />
        </Fact>
      )}
      <Fact name="Began">
        <Time at={beganAt} />
      </Fact>
      {state === 'ended' && (
        <Fact name="Took">
          <Age since={beganAt} until={at} />
        </Fact>
      )}
      {dueAt && (
        <Fact name="Due">
          <Time at={dueAt} />
        </Fact>
      )}
      <Fact name="Steps">{timeline.length}</Fact>
    </dl>
  )
}

/** The screen that knows more about the cause. */
function WhereToLook({ view: { sagaId, why } }: { readonly view: SagaView }) {
  if (why?.cause === 'dead-letter')
    return <Link to={`/dead-letters?${new URLSearchParams({ saga: sagaId })}`}>See the dead letter</Link>
  if ((why?.cause === 'no-consumer' || why?.cause === 'lag') && why.responsible)
    return <Link to={`/lag?${new URLSearchParams({ group: why.responsible })}`}>See its lag</Link>
  return null
}

function Actions({ view }: { readonly view: SagaView }) {
  const { isWritable } = useSettings()
  const search = useSearch()
  const [isCommanding, setCommanding] = useState(false)
  return (
    <div className="row">
      <Copy text={`./chorus sagas show ${view.sagaId}`} what="command" icon="terminal" label="Copy as CLI" />
      <Copy text={location.origin + location.pathname + search} what="link" label="Copy link" />
      <Link
        className="button"
        to={pathOf({ screen: 'support', key: view.sagaId })}
        title="How far it is, without payloads: for whoever answers the customer"
      >
        <Icon name="person" size={14} />
        Support view
      </Link>
      <button
        type="button"
        className="button"
        onClick={() =>
          download(`saga-${view.sagaId}.json`, JSON.stringify(view, null, 2), 'application/json')
        }
      >
        <Icon name="download" size={14} />
        JSON
      </button>
      {isWritable && view.state !== 'ended' && (
        <button type="button" className="button primary" onClick={() => setCommanding(true)}>
          Act …
        </button>
      )}
      {isCommanding && <CommandDialog view={view} onClose={() => setCommanding(false)} />}
    </div>
  )
}
