import './id.css'

/** An id, so that the part that differs is seen first. Short ones stand whole. */
export function Id({ id }: { readonly id: string }) {
  if (id.length <= 20) return <span className="id">{id}</span>
  return (
    <span className="id" title={id}>
      <span className="id-rest">{id.slice(0, 8)}…</span>
      {id.slice(-6)}
    </span>
  )
}
