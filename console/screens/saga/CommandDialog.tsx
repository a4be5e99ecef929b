import { type FormEvent, useState } from 'react'
import type { Operation, SagaCommand, SagaView } from '../../../services/tracker/api.ts'
import { post, RequestError } from '../../api/request.ts'
import { useSettings } from '../../api/settings.ts'
import { Accountable } from '../../elements/Accountable.tsx'
import { Failure } from '../../elements/Answered.tsx'
import { Dialog } from '../../elements/Dialog.tsx'
import { useOperator } from '../../elements/operator.ts'
import { Progress } from '../dead-letters/Progress.tsx'

const commands: readonly (readonly [SagaCommand['command'], string])[] = [
  ['signal', 'Signal: say an event that it waits for'],
  ['retry', 'Retry: run its effects again now'],
  ['pause', 'Pause: take in nothing until it is resumed'],
  ['resume', 'Resume'],
]

type CommandDialogProps = { readonly view: SagaView; readonly onClose: () => void }

/** A command to one saga's part, with who gives it and why. */
export function CommandDialog({ view, onClose }: CommandDialogProps) {
  const { token } = useSettings()
  const [by] = useOperator()
  const active = view.parts.filter(({ status }) => status === 'active')
  const suggested = active.find(({ participant }) => participant === view.why?.responsible) ?? active[0]
  const [command, setCommand] = useState<SagaCommand['command']>(
    view.why?.cause === 'person' ? 'signal' : 'retry',
  )
  const [participant, setParticipant] = useState(suggested?.participant ?? '')
  const part = active.find((one) => one.participant === participant)
  const [type, setType] = useState(suggested?.waitsFor.events[0] ?? '')
  const [data, setData] = useState('{}')
  const [reason, setReason] = useState('')
  const [error, setError] = useState<RequestError>()
  const [operation, setOperation] = useState<Operation>()

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    setError(undefined)
    try {
      const body: SagaCommand = {
        command,
        participant,
        reason,
        by,
        ...(command === 'signal' && { type, data: JSON.parse(data) }),
      }
      setOperation(await post<Operation>(`/sagas/${encodeURIComponent(view.sagaId)}/commands`, body, token))
    } catch (problem) {
      const isRequest = problem instanceof RequestError
      setError(isRequest ? problem : new RequestError('The data are no JSON.', 'invalid-json', null))
    }
  }

  if (operation)
    return (
      <Dialog title="Under way" onClose={onClose}>
        <Progress id={operation.id} />
      </Dialog>
    )
  return (
    <Dialog title="Act on this saga" onClose={onClose}>
      <form className="stack" onSubmit={(event) => void send(event)}>
        <label className="field">
          Command
          <select
            className="select"
            value={command}
            onChange={({ target }) => setCommand(target.value as SagaCommand['command'])}
          >
            {commands.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          Participant
          <select
            className="select"
            value={participant}
            onChange={({ target }) => setParticipant(target.value)}
          >
            {active.map(({ participant, state }) => (
              <option key={participant} value={participant}>
                {participant}, in {state}
              </option>
            ))}
          </select>
        </label>
        {command === 'signal' && (
          <>
            <label className="field">
              Event
              <input
                className="input"
                value={type}
                list="events-waited-for"
                required
                onChange={({ target }) => setType(target.value)}
              />
              <datalist id="events-waited-for">
                {part?.waitsFor.events.map((event) => (
                  <option key={event} value={event} />
                ))}
              </datalist>
            </label>
            <label className="field">
              Data
              <textarea
                className="input"
                rows={4}
                value={data}
                onChange={({ target }) => setData(target.value)}
              />
            </label>
          </>
        )}
        <Accountable reason={reason} onReason={setReason} />
        {error && <Failure error={error} />}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" className="button primary">
            Send
          </button>
        </div>
      </form>
    </Dialog>
  )
}
