import { useState } from 'react'
import type { SagaList, SagaSummary } from '../../../services/tracker/api.ts'
import { get, type RequestError } from '../../api/request.ts'
import { download } from '../../elements/download.ts'
import { Icon } from '../../elements/Icon.tsx'
import { csv } from '../../format/csv.ts'
import { pickParams } from '../../router/address.ts'
import { filterNames } from './filter.ts'

const atMost = 10_000

/** Everything that matches, not only the page that is seen: up to 10,000 sagas. */
export function Export({ filter }: { readonly filter: string }) {
  const [said, setSaid] = useState('')
  async function run(kind: 'json' | 'csv'): Promise<void> {
    try {
      const sagas = await all(filter, (count) => setSaid(`${count.toLocaleString('en')} read …`))
      if (kind === 'json') download('sagas.json', JSON.stringify(sagas, null, 2), 'application/json')
      else download('sagas.csv', csv(sagas.map(flat)), 'text/csv')
      setSaid(`${sagas.length.toLocaleString('en')} exported`)
    } catch (error) {
      setSaid(`not exported: ${(error as RequestError).message}`)
    }
  }
  return (
    <>
      <span className="soft small" role="status">
        {said}
      </span>
      {(['csv', 'json'] as const).map((kind) => (
        <button key={kind} type="button" className="button" onClick={() => void run(kind)}>
          <Icon name="download" size={14} />
          {kind.toUpperCase()}
        </button>
      ))}
    </>
  )
}

async function all(filter: string, onRead: (count: number) => void): Promise<readonly SagaSummary[]> {
  const sagas: SagaSummary[] = []
  let cursor: string | undefined
  do {
    const page = await get<SagaList>(
      `/sagas${pickParams(filter, filterNames, { limit: '100', ...(cursor && { cursor }) })}`,
    )
    sagas.push(...page.sagas)
    onRead(sagas.length)
    cursor = page.next
  } while (cursor && sagas.length < atMost)
  return sagas
}

function flat({
  sagaId,
  state,
  ending,
  why,
  sentence,
  isCompensating,
  beganAt,
  at,
  dueAt,
  participants,
}: SagaSummary) {
  return {
    sagaId,
    state,
    ending,
    cause: why?.cause ?? null,
    responsible: why?.responsible ?? null,
    sentence,
    isCompensating,
    beganAt,
    at,
    dueAt,
    steps: participants.map(({ participant, state }) => `${participant}.${state ?? '-'}`).join(' '),
  }
}
