import type { SagaList, SagaQuery, SagaSummary } from '../../../services/tracker/api.ts'
import type { Telling } from '../output.ts'
import type { Tracker } from '../tracker.ts'
import { ageText, sagaColumns } from './view.ts'

/** Sagas in one request. */
const page = 100

/** Lists the sagas that the query means, as many as its limit says. */
export async function listSagas(
  tracker: Tracker,
  query: SagaQuery & { readonly limit: number },
  { output, terminal }: Telling,
): Promise<number> {
  const found: SagaSummary[] = []
  let total = ''
  let cursor: string | undefined
  do {
    const limit = Math.min(page, query.limit - found.length)
    const answer = await tracker.get<SagaList>('/sagas', { ...query, limit, cursor })
    found.push(...answer.sagas)
    total = `${answer.total}${answer.isPartial ? ' or more: only the oldest were looked at' : ''}`
    cursor = answer.next
  } while (cursor !== undefined && found.length < query.limit)
  output.rows(found, found, sagaColumns(ageText))
  const [first] = found
  const next = first ? `\nNext: ./chorus sagas show ${first.sagaId}` : ''
  terminal.err(`${found.length} of ${total}${next}`)
  return 0
}
