import { type FormEvent, type RefObject, useState } from 'react'
import { Icon } from '../elements/Icon.tsx'
import { pathOf } from '../router/address.ts'
import { navigate } from '../router/location.ts'

/** Finds a saga by the id of anything in it: the saga, an event, a payment, a parcel, a trace. */
export function Search({ field }: { readonly field: RefObject<HTMLInputElement | null> }) {
  const [key, setKey] = useState('')
  function find(event: FormEvent): void {
    event.preventDefault()
    if (key.trim() === '') return
    navigate(pathOf({ screen: 'find', key: key.trim() }))
    setKey('')
    field.current?.blur()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser that people have
    <form className="search" role="search" onSubmit={find}>
      <Icon name="search" size={15} />
      <input
        ref={field}
        value={key}
        onChange={({ target }) => setKey(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && field.current?.blur()}
        aria-label="Find a saga by any id in it"
        placeholder="Any id: saga, event, payment, trace …"
        autoComplete="off"
        spellCheck={false}
      />
      <kbd>/</kbd>
    </form>
  )
}
