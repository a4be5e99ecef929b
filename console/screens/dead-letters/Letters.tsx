import { useState } from 'react'
import type { LetterView } from '../../../services/tracker/api.ts'
import { useSettings } from '../../api/settings.ts'
import { Copy } from '../../elements/Copy.tsx'
import { Id } from '../../elements/Id.tsx'
import { Status } from '../../elements/Status.tsx'
import { useSteadyRows } from '../../elements/steady.ts'
import { Time } from '../../elements/Time.tsx'

type LettersProps = {
  /** Names the list: another filter is another list. */
  readonly list: string
  readonly letters: readonly LetterView[]
  readonly opened: string | null
  readonly onOpen: (id: string | null) => void
  readonly onResolve: (command: 'redrive' | 'discard', letters: readonly LetterView[]) => void
}

/** The letters themselves, newest first; those that are chosen can be redriven or discarded. */
export function Letters({ list, letters, opened, onOpen, onResolve }: LettersProps) {
  const { isWritable } = useSettings()
  const { rows, waiting, release, listProps } = useSteadyRows(list, letters, ({ id }) => id)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const open = rows.filter(({ resolution }) => resolution === null)
  const selected = open.filter(({ id }) => chosen.has(id))
  const toggle = (ids: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) isChosen ? next.add(id) : next.delete(id)
    setChosen(next)
  }
  return (
    <section className="panel" {...listProps}>
      <header>
        <h2>Letters</h2>
        <span className="soft" aria-live="polite">
          {selected.length > 0 && `${selected.length} chosen`}
          {waiting > 0 && (
            <button type="button" className="button" onClick={release}>
              {waiting} new: show
            </button>
          )}
        </span>
        <div className="row">
          {isWritable ? (
            <>
              <button
                type="button"
                className="button"
                disabled={selected.length === 0}
                onClick={() => onResolve('discard', selected)}
              >
                Discard …
              </button>
              <button
                type="button"
                className="button primary"
                disabled={selected.length === 0}
                onClick={() => onResolve('redrive', selected)}
              >
                Redrive …
              </button>
            </>
          ) : (
            <Copy
              text={command(selected.length > 0 ? selected : open)}
              what="command"
              icon="terminal"
              label="Copy as CLI"
            />
          )}
        </div>
      </header>
      <table className="table cards letters">
        <thead>
          <tr>
            <th>
              <input
                type="checkbox"
                aria-label="Choose all"
                checked={open.length > 0 && selected.length === open.length}
                onChange={({ target }) =>
                  toggle(
                    open.map(({ id }) => id),
                    target.checked,
                  )
                }
              />
            </th>
            <th>Letter</th>
            <th>Event</th>
            <th>Reason</th>
            <th>Saga</th>
            <th className="number">When</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((letter) => (
            <Row
              key={letter.id}
              letter={letter}
              isChosen={chosen.has(letter.id)}
              isOpened={opened === letter.id}
              onChoose={(isChosen) => toggle([letter.id], isChosen)}
              onOpen={() => onOpen(opened === letter.id ? null : letter.id)}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

type RowProps = {
  readonly letter: LetterView
  readonly isChosen: boolean
  readonly isOpened: boolean
  readonly onChoose: (isChosen: boolean) => void
  readonly onOpen: () => void
}

function Row({ letter, isChosen, isOpened, onChoose, onOpen }: RowProps) {
  const { id, group, code, reason, type, sagaId, at, times, holds, resolution } = letter
  return (
    <tr>
      <td className="above-row-link">
        <input
          type="checkbox"
          aria-label={`Choose letter ${id}`}
          checked={isChosen && resolution === null}
          disabled={resolution !== null}
          onChange={({ target }) => onChoose(target.checked)}
        />
      </td>
      <td>
        <button
          type="button"
          className="row-link letter-id"
          data-row
          aria-expanded={isOpened}
          onClick={onOpen}
        >
          <Id id={id} />
        </button>
      </td>
      <td>
        {type ?? <span className="soft">unknown</span>} <span className="soft">→ {group}</span>
      </td>
      <td className="wide letter-reason">
        <span className="row">
          {resolution ? (
            <Status tone="calm" icon="check">
              {resolution.became}
            </Status>
          ) : (
            holds && (
              <Status tone="bad" icon="lock">
                holds its saga
              </Status>
            )
          )}
          <span className="mono small">{code}</span>
          {times > 1 && <span className="tag">{times} times</span>}
        </span>
        <span className="soft small cut">{reason}</span>
      </td>
      <td>{sagaId ? <Id id={sagaId} /> : <span className="soft">unknown</span>}</td>
      <td className="number">
        <Time at={at} />
      </td>
    </tr>
  )
}

function command(letters: readonly LetterView[]): string {
  return `./chorus dead-letters redrive ${letters.map(({ id }) => id).join(' ')} --reason ''`
}
