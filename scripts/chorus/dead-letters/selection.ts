import type { Letter, OperatorContext } from '#orchestration/operations'
import { UsageError } from '../errors.ts'

/** Which letters are meant; what is not given does not matter. */
export type Selection = {
  readonly group?: string
  readonly code?: string
  readonly type?: string
  readonly saga?: string
  /** Epoch milliseconds. */
  readonly since?: number
}

export function isSelected(letter: Letter, { group, code, type, saga, since }: Selection): boolean {
  return (
    (group === undefined || letter.group === group) &&
    (code === undefined || letter.code === code) &&
    (type === undefined || letter.type === type) &&
    (saga === undefined || letter.saga === saga) &&
    (since === undefined || letter.at >= since)
  )
}

/** The groups whose dead letters have to be read. */
export function groupsOf(
  { group }: Selection,
  { participants }: Pick<OperatorContext, 'participants'>,
): readonly string[] {
  return group === undefined ? participants : [group]
}

/** Enough of a letter's id to type. */
export const shortId = (id: string): string => id.slice(0, 8)

/** The letters whose ids begin so. Throws a `UsageError` for a beginning that fits several; `unknown` are those that fit none. */
export function named(
  letters: readonly Letter[],
  beginnings: readonly string[],
): { readonly found: readonly Letter[]; readonly unknown: readonly string[] } {
  const unknown: string[] = []
  const found = beginnings.flatMap((beginning) => {
    const fitting = letters.filter(({ id }) => id.startsWith(beginning.toLowerCase()))
    if (fitting.length > 1) {
      const ids = fitting.map(({ id }) => id).join(', ')
      throw new UsageError(`"${beginning}" may be any of ${fitting.length} letters: ${ids}.`)
    }
    if (fitting.length === 0) unknown.push(beginning)
    return fitting
  })
  return { found: [...new Set(found)], unknown }
}
