import type { Operation } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Id } from '../../elements/Id.tsx'
import { Status } from '../../elements/Status.tsx'

/** How far an operation is, as it goes on. */
export function Progress({ id }: { readonly id: string }) {
  const operation = useQuery<Operation>(
    `/operations/${id}`,
    (change) => change.type === 'operation' && change.id === id,
  )
  return (
    <Answered query={operation}>
      {({ action, total, done, failed, state, items, by }) => (
        <div className="stack">
          <p role="status">
            {state === 'running' ? 'Under way' : 'Done'}: {action}, {done + failed} of {total}
            {failed > 0 && `, ${failed} failed`}. By {by}.
          </p>
          <progress value={done + failed} max={Math.max(total, 1)} aria-label="Progress" />
          <Outcomes items={items} />
        </div>
      )}
    </Answered>
  )
}

/** What came of each. */
export function Outcomes({ items }: Pick<Operation, 'items'>) {
  return (
    <ul className="outcomes">
      {items.map(({ id, outcome, ok }) => (
        <li key={id}>
          <Id id={id} />
          <Status tone={ok ? 'good' : 'bad'} icon={ok ? 'check' : 'stuck'}>
            {ok ? 'ok' : 'no'}
          </Status>
          <span>{outcome}</span>
        </li>
      ))}
    </ul>
  )
}
