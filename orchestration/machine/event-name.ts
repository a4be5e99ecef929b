/** XState's own event types in plain words: `after patience`, `after 500 ms`, `cook answers`, `cook is refused`. Others as they are. */
export function eventName(type: string): string {
  const [, kind, rest = ''] = /^xstate\.(after|done\.actor|error\.actor)\.(.+)$/.exec(type) ?? []
  switch (kind) {
    case 'after': {
      const [delay = rest] = rest.split('.')
      return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`
    }
    case 'done.actor':
      return `${rest} answers`
    case 'error.actor':
      return `${rest} is refused`
    default:
      return type
  }
}
