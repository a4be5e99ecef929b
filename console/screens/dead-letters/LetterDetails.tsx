import type { LetterDetail } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Copy } from '../../elements/Copy.tsx'
import { Details, Facts } from '../../elements/Details.tsx'
import { Json } from '../../elements/Json.tsx'
import { Time } from '../../elements/Time.tsx'
import { pathOf } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'

/** One letter: where it came from, why it failed, what was in it. */
export function LetterDetails({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const letter = useQuery<LetterDetail>(`/dead-letters/${id}`, ({ type }) => type === 'dead-letters')
  return (
    <Details title={letter.data?.type ?? 'Dead letter'} subtitle={id} onClose={onClose}>
      <Answered query={letter}>{(detail) => <Letter letter={detail} />}</Answered>
    </Details>
  )
}

function Letter({ letter }: { readonly letter: LetterDetail }) {
  const {
    id,
    group,
    code,
    reason,
    sagaId,
    at,
    topic,
    partition,
    offset,
    times,
    resolution,
    headers,
    data,
    bytes,
  } = letter
  return (
    <>
      <section>
        <h3>Why</h3>
        <p>{reason}</p>
        <Facts
          facts={[
            ['code', <code key="code">{code}</code>],
            ['group', group],
            ['from', `${topic}, partition ${partition}, offset ${offset}`],
            ['when', <Time key="when" at={at} />],
            ['times', times],
            [
              'saga',
              sagaId && (
                <Link key="saga" to={pathOf({ screen: 'saga', sagaId })}>
                  {sagaId}
                </Link>
              ),
            ],
          ]}
        />
        <p>
          <Copy
            text={`./chorus dead-letters show ${id}`}
            what="command"
            icon="terminal"
            label="Copy as CLI"
          />
        </p>
      </section>
      {resolution && (
        <section>
          <h3>Resolved: {resolution.became}</h3>
          <Facts
            facts={[
              ['by', resolution.by],
              ['reason', resolution.reason],
              ['when', <Time key="when" at={resolution.at} />],
            ]}
          />
        </section>
      )}
      <section>
        <h3>{bytes === null ? 'What was in it' : 'Its first bytes: nobody can read it'}</h3>
        {bytes === null ? (
          <Json value={data} what="payload" />
        ) : (
          <code className="letter-bytes">{bytes}</code>
        )}
      </section>
      <section>
        <h3>Headers</h3>
        <Facts facts={Object.entries(headers)} />
      </section>
    </>
  )
}
