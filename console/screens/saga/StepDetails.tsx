import type { EmittedView, StepView } from '../../../services/tracker/api.ts'
import { words } from '../../diagram/machine.ts'
import { Copy } from '../../elements/Copy.tsx'
import { Details, Facts } from '../../elements/Details.tsx'
import { Fold } from '../../elements/Fold.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Json } from '../../elements/Json.tsx'
import { Time } from '../../elements/Time.tsx'
import { setParams } from '../../router/location.ts'

type StepDetailsProps = {
  readonly step: StepView
  readonly timeline: readonly StepView[]
  readonly onClose: () => void
}

/** All that is known of one step, beside the story. */
export function StepDetails({ step, timeline, onClose }: StepDetailsProps) {
  const { participant, seq, version, at, cause, changes, emitted, traceId, outcome } = step
  const said = timeline.flatMap(({ emitted }) => emitted).find(({ id }) => id === cause.id)
  return (
    <Details
      title={words(cause.name)}
      subtitle={
        <>
          step {seq} of {participant}, version {version}, <Time at={at} />
        </>
      }
      onClose={onClose}
    >
      <Cause step={step} said={said} />
      <section>
        <h3>State</h3>
        <p className="row">
          <code>{step.before ?? 'not begun'}</code>
          <Icon name="right" size={12} />
          <code>{step.after ?? 'not begun'}</code>
          {outcome !== 'applied' && <span className="tag">{outcome}</span>}
        </p>
        {changes.length > 0 && <Changes changes={changes} />}
      </section>
      {emitted.map((event) => (
        <Event key={event.id} title="Event out" event={event} />
      ))}
      <Started step={step} />
      {traceId && (
        <section>
          <h3>Trace</h3>
          <p className="row">
            <code>{traceId}</code>
            <Copy text={traceId} what="trace id" />
            <button type="button" className="button" onClick={() => setParams({ tab: 'trace', step: null })}>
              Show
            </button>
          </p>
        </section>
      )}
    </Details>
  )
}

function Cause({
  step: { cause },
  said,
}: {
  readonly step: StepView
  readonly said: EmittedView | undefined
}) {
  const { kind, id, source, topic, partition, offset, error, by, reason, value } = cause
  return (
    <section>
      <h3>Cause</h3>
      <Facts
        facts={[
          ['kind', kind],
          ['id', <CopiedId key="id" id={id} />],
          ['said by', source],
          ['from', topic && `${topic}, partition ${partition}, offset ${offset}`],
          ['by', by],
          ['reason', reason],
        ]}
      />
      {error && (
        <p className="failure small" role="note">
          <Icon name="stuck" size={14} />
          <span>{error}</span>
        </p>
      )}
      {value !== undefined && <Json value={value} what="answer" />}
      {said && <Event title="Event in" event={said} />}
    </section>
  )
}

function Event({ title, event }: { readonly title: string; readonly event: EmittedView }) {
  const { id, type, topic, subject, schemaVersion, schemaId, to, headers, data } = event
  return (
    <section>
      <h3>
        {title}: {type}
      </h3>
      <Facts
        facts={[
          ['id', <CopiedId key="id" id={id} />],
          ['topic', topic],
          ['subject', subject],
          [
            'schema',
            schemaVersion === null
              ? null
              : `version ${schemaVersion}${schemaId === null ? '' : `, id ${schemaId}`}`,
          ],
          ['heard by', to.join(', ') || 'nobody'],
        ]}
      />
      <Json value={data} what={`payload of ${type}`} />
      {Object.keys(headers).length > 0 && (
        <Fold word={`${Object.keys(headers).length} headers`} isOpen={false}>
          <Facts facts={Object.entries(headers)} />
        </Fold>
      )}
    </section>
  )
}

function Changes({ changes }: Pick<StepView, 'changes'>) {
  return (
    <ul className="changes">
      {changes.map(({ path, before, after }) => (
        <li key={path}>
          <code>{path}</code>
          {before !== undefined && <del className="mono">{short(before)}</del>}
          <ins className="mono">{short(after)}</ins>
        </li>
      ))}
    </ul>
  )
}

function Started({ step: { timersStarted, effectsStarted } }: { readonly step: StepView }) {
  if (timersStarted.length + effectsStarted.length === 0) return null
  return (
    <section>
      <h3>Begun</h3>
      <ul className="small">
        {timersStarted.map(({ name, dueAt }) => (
          <li key={name}>
            timer <code>{name}</code>, due <Time at={dueAt} />
          </li>
        ))}
        {effectsStarted.map(({ id, attempt }) => (
          <li key={id}>
            effect <code>{id}</code>, attempt {attempt}
          </li>
        ))}
      </ul>
    </section>
  )
}

function CopiedId({ id }: { readonly id: string }) {
  return (
    <>
      <code>{id}</code>
      <Copy text={id} what="id" />
    </>
  )
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
