import { stateName } from '../machine-definition.ts'
import type { Part } from '../saga-machine.ts'

/** A state and whose it is. */
export function where(participant: string, { state }: Pick<Part, 'state'>): string {
  return state === null ? participant : `\`${stateName(state)}\` (${participant})`
}

export function list(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}

/** Without the date when it is today. */
export function time(at: number, { now }: { readonly now: number }): string {
  const [day, clock] = `${new Date(at).toISOString().slice(0, 19)}Z`.split('T')
  return new Date(now).toISOString().startsWith(String(day)) ? String(clock) : `${day}T${clock}`
}

/** A sentence stays readable: the whole text stands with its step. */
export function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
