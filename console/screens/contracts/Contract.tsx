import type { ContractsView } from '../../../services/tracker/api.ts'
import { Fact } from '../../elements/Fact.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { Json } from '../../elements/Json.tsx'
import { Link } from '../../router/Link.tsx'
import { useParam } from '../../router/location.ts'
import { type Difference, differences, fieldsOf } from './schema.ts'

type Event = ContractsView['events'][number]

/** One event: what it means, who says and hears it, its fields in each version, and an example. */
export function Contract({ event }: { readonly event: Event }) {
  const { type, doc, topic, subject, versions, compatibility, example } = event
  const [asked, ask] = useParam('version')
  const index = Math.max(
    0,
    versions.findIndex(({ version }) => String(version) === asked),
  )
  const at = asked === null || versions[index] === undefined ? versions.length - 1 : index
  const [version, before] = [versions[at], versions[at - 1]]
  return (
    <article className="panel contract">
      <header>
        <h2 className="contract-name">{type}</h2>
        {versions.length > 0 && (
          <select
            className="select"
            aria-label="Version"
            value={version?.version}
            onChange={({ target }) => ask(target.value)}
          >
            {versions.map(({ version, id }) => (
              <option key={version} value={version}>
                version {version} (id {id})
              </option>
            ))}
          </select>
        )}
      </header>
      <div className="panel-body stack">
        <p>{doc}</p>
        <dl className="facts">
          <Fact name="Topic">
            <code>{topic}</code>
          </Fact>
          <Fact name="Subject">
            <code>{subject}</code>
          </Fact>
          <Fact name="Compatibility">{compatibility ?? 'not known'}</Fact>
          <Fact name="Said by">{event.producers.join(', ')}</Fact>
          <Fact name="Heard by">{event.consumers.join(', ') || 'nobody'}</Fact>
        </dl>
        {version ? (
          <>
            <Fields event={event} schema={version.schema} />
            {before && (
              <Diff
                earlier={before.version}
                changes={differences(fieldsOf(before.schema), fieldsOf(version.schema))}
              />
            )}
          </>
        ) : (
          <p className="notice warn">
            <Icon name="stuck" />
            The registry does not answer, or the schema is not published:{' '}
            <code>npm run contracts:publish</code>
          </p>
        )}
        <section>
          <h3>Example</h3>
          <Json value={example} what={`example of ${type}`} />
        </section>
        <p>
          <Link to={`/topology?${new URLSearchParams({ edge: `${event.producers[0]}>${topic}` })}`}>
            See it in the topology
          </Link>
        </p>
      </div>
    </article>
  )
}

function Fields({ event: { personal, type }, schema }: { readonly event: Event; readonly schema: unknown }) {
  return (
    <div className="table-scroll">
      <table className="table cards">
        <caption className="hidden-visually">Fields of {type}</caption>
        <thead>
          <tr>
            <th>Field</th>
            <th>Type</th>
            <th>Meaning</th>
          </tr>
        </thead>
        <tbody>
          {fieldsOf(schema).map(({ path, type, doc, hasDefault }) => (
            <tr key={path}>
              <td className="mono">{path}</td>
              <td>
                {type}
                {hasDefault && <span className="soft"> has a default</span>}
              </td>
              <td className="wide">
                {personal.includes(path.replaceAll('[]', '')) && (
                  <span className="tag personal">
                    <Icon name="lock" size={11} />
                    personal
                  </span>
                )}{' '}
                {doc}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Diff({ earlier, changes }: { readonly earlier: number; readonly changes: readonly Difference[] }) {
  return (
    <section>
      <h3>Since version {earlier}</h3>
      <ul className="diff">
        {changes.map(({ kind, path, text }) => (
          <li key={kind + path} className={kind}>
            <span>{kind}</span> <code>{path}</code> {text}
          </li>
        ))}
        {changes.length === 0 && <li>No field has changed; its words or its order may have.</li>}
      </ul>
    </section>
  )
}
