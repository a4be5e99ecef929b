import type { Way } from '../workload.ts'

/** How orders come in. */
export type Entry = {
  /** Resolves with the id of the order once it is accepted, or with nothing when the shop says that it has too much to do. */
  place(way: Way): Promise<string | undefined>
  close(): Promise<void>
}

export const entries = ['http', 'kafka'] as const
export type EntryName = (typeof entries)[number]
