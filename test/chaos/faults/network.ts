import assert from 'node:assert/strict'
import { waitUntil } from '../../../infra/wait.ts'
import type { Link } from '../link.ts'
import type { Stage } from '../stage.ts'
import { type Inflict, metNothing, patience } from './fault.ts'

function linkOf({ links }: Stage, id: string): Link {
  const link = links.get(id)
  if (!link) throw new Error(`there is no link ${id}`)
  return link
}

/** A fault of a link, from `begin` to `end`; it counts when connections felt it. */
function onLink(begin: (link: Link, by: number) => void, end: (link: Link) => void, harm: string): Inflict {
  return async ({ target, by = 0 }, stage) => {
    const link = linkOf(stage, target)
    const before = link.harm()
    begin(link, by)
    return {
      async heal() {
        // Nothing may have been said meanwhile, because of another fault.
        await waitUntil(async () => assert(link.harm() > before), { limitMs: patience }).catch(() => {})
        end(link)
        const count = link.harm() - before
        return count > 0 ? `${count} ${harm}` : metNothing(`nothing went over ${target}`)
      },
    }
  }
}

export const cutLink = onLink(
  (link) => link.cut(),
  (link) => link.heal(),
  'connections broken or refused',
)

export const blackHole = onLink(
  (link) => link.hold(),
  (link) => link.heal(),
  'pieces held up',
)

export const slowLink = onLink(
  (link, by) => link.delay(by),
  (link) => link.delay(0),
  'pieces late',
)
