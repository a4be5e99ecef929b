import { type FormEvent, useEffect, useState } from 'react'
import type { LetterCommand, Operation } from '../../../services/tracker/api.ts'
import { post, type RequestError } from '../../api/request.ts'
import { useSettings } from '../../api/settings.ts'
import { Accountable } from '../../elements/Accountable.tsx'
import { Failure, Loading } from '../../elements/Answered.tsx'
import { Dialog } from '../../elements/Dialog.tsx'
import { useOperator } from '../../elements/operator.ts'
import { Outcomes, Progress } from './Progress.tsx'

type ResolveDialogProps = {
  readonly command: 'redrive' | 'discard'
  readonly letters: readonly string[]
  readonly onClose: () => void
}

/** First says what would come of it, letter by letter; does it only with a name and a reason; then shows how far it is. */
export function ResolveDialog({ command, letters, onClose }: ResolveDialogProps) {
  const { token } = useSettings()
  const [by] = useOperator()
  const [reason, setReason] = useState('')
  const [rehearsal, setRehearsal] = useState<Operation>()
  const [operation, setOperation] = useState<Operation>()
  const [error, setError] = useState<RequestError>()

  useEffect(() => {
    const wish: LetterCommand = { letters, reason: '', by: 'dry run', dryRun: true }
    post<Operation>(`/dead-letters/${command}`, wish, token).then(setRehearsal, setError)
  }, [command, letters, token])

  async function run(event: FormEvent): Promise<void> {
    event.preventDefault()
    setError(undefined)
    const wish: LetterCommand = { letters, reason, by }
    await post<Operation>(`/dead-letters/${command}`, wish, token).then(setOperation, setError)
  }

  const verb = command === 'redrive' ? 'Redrive' : 'Discard'
  const title = `${verb} ${letters.length} ${letters.length === 1 ? 'dead letter' : 'dead letters'}`
  if (operation)
    return (
      <Dialog title={title} onClose={onClose}>
        <Progress id={operation.id} />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </div>
      </Dialog>
    )
  return (
    <Dialog title={title} onClose={onClose}>
      {error && <Failure error={error} />}
      {!rehearsal && !error && <Loading />}
      {rehearsal && (
        <form className="stack" onSubmit={(event) => void run(event)}>
          <p>
            Dry run: it would {command} <strong>{rehearsal.done}</strong>
            {rehearsal.failed > 0 && `, and ${rehearsal.failed} cannot be helped that way`}. Nothing was done
            yet.
          </p>
          <Outcomes items={rehearsal.items} />
          <Accountable reason={reason} onReason={setReason} />
          <div className="dialog-actions">
            <button type="button" className="button" onClick={onClose}>
              Leave them
            </button>
            <button
              type="submit"
              className={command === 'discard' ? 'button danger' : 'button primary'}
              disabled={rehearsal.done === 0 || reason.trim() === '' || by.trim() === ''}
            >
              {verb} {rehearsal.done}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  )
}
