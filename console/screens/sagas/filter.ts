import { pickParams } from '../../router/address.ts'

/** The filters of the list, as they stand in the address. The tracker takes the same names. */
export const filterNames = [
  'q',
  'state',
  'step',
  'ending',
  'cause',
  'version',
  'olderThan',
  'overdue',
  'sort',
] as const

export type FilterName = (typeof filterNames)[number]

/** Whether anything is filtered; sorting leaves nothing out. */
export function isFiltered(search: string): boolean {
  return (
    pickParams(
      search,
      filterNames.filter((name) => name !== 'sort'),
    ) !== ''
  )
}
