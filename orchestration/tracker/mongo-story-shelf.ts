import type { Db } from 'mongodb'
import { asking, takenPositions } from '../mongo/errors.ts'
import { mongoStoryStore } from './mongo-story-store.ts'
import type { Generations, StoryShelf } from './story-shelf.ts'

type GenerationsDocument = Generations & { readonly _id: 'stories' }

const kinds = ['stories', 'chapters', 'steps']

/**
 * Generations in MongoDB: the collection `<prefix>.generations` says which there are, and each has collections named after its
 * group, which all begin with the prefix.
 */
export function mongoStoryShelf(db: Db, prefix = 'tracker'): StoryShelf {
  const documents = db.collection<GenerationsDocument>(`${prefix}.generations`)

  /** Before there were generations, there was one. */
  async function unnamed(): Promise<Generations> {
    const older = await db.listCollections({ name: `${prefix}.stories` }, { nameOnly: true }).toArray()
    return { revision: 0, serving: older.length > 0 ? { group: prefix, shape: 1 } : null, building: null }
  }

  return {
    firstGroup: prefix,
    generations: () =>
      asking('read the generations', async () => {
        const found = await documents.findOne({ _id: 'stories' }, { projection: { _id: 0 } })
        return found ?? (await unnamed())
      }),
    async replace(next) {
      const update = {
        filter: { _id: 'stories' as const, revision: next.revision - 1 },
        update: { $set: { ...next } },
        upsert: true,
      }
      try {
        await documents.bulkWrite([{ updateOne: update }])
        return true
      } catch (error) {
        takenPositions('write the generations', error)
        return false
      }
    },
    open: ({ group }) => mongoStoryStore(db, group),
    async keepOnly(generations) {
      const kept = generations.map(({ group }) => group)
      await asking('remove old stories', async () => {
        for (const { name } of await db.listCollections({}, { nameOnly: true }).toArray()) {
          const [group = '', kind = '', ...more] = name.split('.')
          const isStories = more.length === 0 && kinds.includes(kind) && isOf(prefix, group)
          if (isStories && !kept.includes(group)) await db.dropCollection(name)
        }
      })
    },
  }
}

/** Group names are the prefix, or begin with it and a dash. */
function isOf(prefix: string, group: string): boolean {
  return group === prefix || group.startsWith(`${prefix}-`)
}
