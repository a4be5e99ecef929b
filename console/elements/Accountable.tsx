import { useOperator } from './operator.ts'

type AccountableProps = {
  readonly reason: string
  readonly onReason: (reason: string) => void
}

/** Who does it and why: both are written down with whatever is done. */
export function Accountable({ reason, onReason }: AccountableProps) {
  const [by, setBy] = useOperator()
  return (
    <>
      <label className="field">
        Reason
        <input
          className="input"
          value={reason}
          required
          placeholder="It is written down with what you do"
          onChange={({ target }) => onReason(target.value)}
        />
      </label>
      <label className="field">
        Your name
        <input className="input" value={by} required onChange={({ target }) => setBy(target.value)} />
      </label>
    </>
  )
}
