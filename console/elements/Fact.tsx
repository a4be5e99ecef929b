import type { ReactNode } from 'react'
import './fact.css'

/** A name and its value, in a `<dl className="facts">`, which sets them in lines. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
