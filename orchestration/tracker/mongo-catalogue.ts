import type { Collection, Filter } from 'mongodb'
import { asking } from '../mongo/errors.ts'
import { type Catalogue, catalogue, mostListed } from './catalogue.ts'
import type { Story } from './saga-machine.ts'
import { fieldsOf, type StoryFields } from './story-fields.ts'

/** What a story is found by, beside its text. `writtenAt`: by the clock of whoever wrote it. */
export type ListedDocument = Omit<StoryFields, 'dueAt'> & {
  readonly _id: string
  readonly revision: number
  readonly dueAt: number | null
  readonly writtenAt: Date
}

export type MongoCatalogue = {
  /** What this process has written itself. */
  put(story: Story): void
  remove(sagaId: string): void
  /** With what other trackers had written a second ago. */
  read(): Promise<Pick<Catalogue, 'list' | 'count' | 'tally'>>
}

/** Milliseconds that a reading holds. */
const fresh = 1_000
/** The clocks of trackers may differ so much, in ms; and a write may be seen later than it says. */
const overlap = 5_000

/** The catalogue of a collection of stories, which is read whole once, and then only where it has changed. */
export async function mongoCatalogue(stories: Collection<ListedDocument>): Promise<MongoCatalogue> {
  const listed = catalogue()
  let newest = 0
  let readAt = performance.now()
  let reading: Promise<void> | undefined

  async function take(filter: Filter<ListedDocument>): Promise<void> {
    const began = performance.now()
    const found = stories.find(filter, { projection: { story: 0, chapters: 0, ids: 0 } })
    // Should there be more than are listed, these are the ones.
    for await (const { _id, revision: _, dueAt, writtenAt, ...fields } of found
      .sort({ rank: 1 })
      .limit(mostListed)) {
      listed.put(_id, { ...fields, ids: [], ...(dueAt !== null && { dueAt }) })
      newest = Math.max(newest, writtenAt.getTime())
    }
    readAt = began
  }

  await asking('read what stories there are', () => take({}))

  return {
    put: (story) => listed.put(story.sagaId, fieldsOf(story)),
    remove: listed.remove,
    async read() {
      if (performance.now() - readAt > fresh) {
        const changed = { writtenAt: { $gte: new Date(newest - overlap) } }
        reading ??= asking('read what has changed', () => take(changed)).finally(() => {
          reading = undefined
        })
        await reading
      }
      return listed
    },
  }
}
