import { isWithin, type Machine, type State } from './machine.ts'
import type { Progress } from './progress.ts'
import { standings } from './standings.ts'

type StateTableProps = {
  readonly machine: Machine
  readonly progress: Progress
  readonly name: string
}

/** The same content as the drawing. */
export function StateTable({ machine, progress, name }: StateTableProps) {
  return (
    <table className="table small">
      <caption className="hidden-visually">States of {name}</caption>
      <thead>
        <tr>
          <th>State</th>
          <th>Standing</th>
          <th>Leads to</th>
        </tr>
      </thead>
      <tbody>
        {leaves(machine.states).map((state) => (
          <tr key={state.path}>
            <td>
              <code>{state.path}</code>
              {state.isCompensation && <span className="soft"> undoes</span>}
            </td>
            <td>{standings[progress.standing(state)]}</td>
            <td>
              {machine.ways
                .filter(({ from }) => isWithin(state.path, from))
                .map(({ to, by }) => (
                  <div key={to}>
                    <code>{to}</code> <span className="soft">{by.join(', ')}</span>
                  </div>
                ))}
              {state.isFinal && <span className="soft">an end</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function leaves(states: readonly State[]): State[] {
  return states.flatMap((state) => (state.children.length === 0 ? [state] : leaves(state.children)))
}
