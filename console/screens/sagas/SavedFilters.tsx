import { type FormEvent, useState } from 'react'
import { Dialog } from '../../elements/Dialog.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { useStored } from '../../elements/stored.ts'
import { Link } from '../../router/Link.tsx'

type Saved = { readonly name: string; readonly filter: string }

const given: readonly Saved[] = [
  { name: 'All', filter: '' },
  { name: 'Active', filter: '?state=active' },
  { name: 'Overdue', filter: '?overdue=true' },
  { name: 'Needs a person', filter: '?cause=person' },
]

/** Filters with a name, kept in this browser; `filter` is the one that holds now. */
export function SavedFilters({ filter }: { readonly filter: string }) {
  const [saved, setSaved] = useStored<readonly Saved[]>('filters', [])
  const [isSaving, setSaving] = useState(false)
  const isKnown = [...given, ...saved].some((one) => one.filter === filter)
  return (
    <div className="row saved-filters">
      {[...given, ...saved].map((one) => (
        <span key={one.name} className="saved-filter">
          <Link to={`/sagas${one.filter}`} aria-current={one.filter === filter ? 'true' : undefined}>
            {one.name}
          </Link>
          {saved.includes(one) && (
            <button
              type="button"
              aria-label={`Forget the filter ${one.name}`}
              onClick={() => setSaved(saved.filter((other) => other !== one))}
            >
              <Icon name="close" size={11} />
            </button>
          )}
        </span>
      ))}
      {!isKnown && (
        <button type="button" className="button quiet" onClick={() => setSaving(true)}>
          <Icon name="star" size={14} />
          Save this filter
        </button>
      )}
      {isSaving && (
        <Naming
          onClose={() => setSaving(false)}
          onName={(name) => {
            setSaved([...saved.filter((one) => one.name !== name), { name, filter }])
            setSaving(false)
          }}
        />
      )}
    </div>
  )
}

function Naming({
  onClose,
  onName,
}: {
  readonly onClose: () => void
  readonly onName: (name: string) => void
}) {
  const [name, setName] = useState('')
  function save(event: FormEvent): void {
    event.preventDefault()
    onName(name.trim())
  }
  return (
    <Dialog title="Save this filter" onClose={onClose}>
      <form className="stack" onSubmit={save}>
        <label className="field">
          Name
          <input className="input" value={name} onChange={({ target }) => setName(target.value)} />
        </label>
        <div className="dialog-actions">
          <button type="submit" className="button primary" disabled={name.trim() === ''}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
