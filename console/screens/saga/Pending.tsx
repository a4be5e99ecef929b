import type { ReactNode } from 'react'
import type { PartView } from '../../../services/tracker/api.ts'
import { Icon, type IconName } from '../../elements/Icon.tsx'
import { Time } from '../../elements/Time.tsx'

/** What a part waits for, and what is due: events, timers, effects, deferred events and held rows. */
export function Pending({ part }: { readonly part: PartView }) {
  const { waitsFor, timers, effects, deferred, held } = part
  return (
    <ul className="pending small">
      {waitsFor.events.length > 0 && (
        <Line icon="down" word="waits for">
          {waitsFor.events.join(', ')}
        </Line>
      )}
      {timers.map(({ id, name, dueAt }) => (
        <Line key={id} icon="clock" word="timer">
          {name} <Time at={dueAt} />
        </Line>
      ))}
      {effects.map(({ id, attempt, notBefore, deadlineAt, error }) => (
        <Line key={id} icon="effect" word="effect" isBad={error !== null}>
          {id}, attempt {attempt}
          {error !== null && (
            <>
              , again <Time at={notBefore} />
            </>
          )}
          {deadlineAt && (
            <>
              , gives up <Time at={deadlineAt} />
            </>
          )}
          {error && <span className="pending-error">{error}</span>}
        </Line>
      ))}
      {deferred.map(({ id, type, at }) => (
        <Line key={id} icon="waiting" word="deferred">
          {type} <Time at={at} />
        </Line>
      ))}
      {held.map(({ row, code, reason, at }) => (
        <Line key={row} icon="lock" word="held" isBad>
          row {row}, {code} <Time at={at} />
          <span className="pending-error">{reason}</span>
        </Line>
      ))}
    </ul>
  )
}

type LineProps = {
  readonly icon: IconName
  readonly word: string
  readonly isBad?: boolean
  readonly children: ReactNode
}

function Line({ icon, word, isBad = false, children }: LineProps) {
  return (
    <li className={isBad ? 'is-bad' : undefined}>
      <Icon name={icon} size={13} />
      <span className="soft">{word}</span>
      <span>{children}</span>
    </li>
  )
}
