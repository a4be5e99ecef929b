import type { AnyBulkWriteOperation, Collection, Db, Filter, WithId } from 'mongodb'
import { RetryableError } from '#messaging'
import { storeError, takenPositions } from '../mongo/errors.ts'
import type { SagaStep } from '../saga-steps.ts'
import type { Story } from './saga-machine.ts'
import { type StoryStore, stepId, stepIds } from './story-store.ts'

/** As JSON text, for a machine's state may have keys that BSON or MongoDB treat specially; beside it what the server looks at. */
type StepDocument = {
  readonly _id: string
  readonly sagaId: string
  readonly at: Date
  readonly step: string
}
type StoryDocument = {
  readonly _id: string
  readonly revision: number
  readonly state: string
  readonly beganAt: number
  readonly story: string
}

/** Ids in one request: some servers get slow with more, and most sagas have fewer steps. */
const idsAtOnce = 100

/**
 * Stories on MongoDB, and on servers that speak its protocol, in the collections `<prefix>.steps` and `<prefix>.stories`: inserts
 * under a unique `_id`, look-ups by it, upserts guarded by the revision, and one plain index for the list, which it creates.
 */
export async function mongoStoryStore(db: Db, prefix = 'tracker'): Promise<StoryStore> {
  const steps = db.collection<StepDocument>(`${prefix}.steps`)
  const stories = db.collection<StoryDocument>(`${prefix}.stories`)
  await asking('create its indexes', () => stories.createIndex({ beganAt: -1, _id: -1 }))

  return {
    async insertSteps(batch) {
      if (batch.length === 0) return
      try {
        await steps.insertMany(batch.map(stepDocument), { ordered: false })
      } catch (error) {
        // A step that is there stays; any other failure is thrown.
        takenPositions('insert steps', error)
      }
    },

    async readStories(sagaIds) {
      return (await asking('read stories', () => findAll(stories, sagaIds))).map(storyOf)
    },

    async writeStories(batch) {
      if (batch.length === 0) return
      try {
        await stories.bulkWrite(batch.map(overOlder), { ordered: false })
      } catch (error) {
        // The guard did not match, so the upsert tried to insert: another tracker's story is there.
        const { size } = takenPositions('write stories', error)
        throw new RetryableError(`${size} stories are told by another tracker`)
      }
    },

    async listStories({ limit, after }) {
      const filter: Filter<StoryDocument> = after
        ? {
            beganAt: { $lte: after.beganAt },
            $or: [{ beganAt: { $lt: after.beganAt } }, { _id: { $lt: after.id } }],
          }
        : {}
      const newest = () => stories.find(filter).sort({ beganAt: -1, _id: -1 }).limit(limit).toArray()
      return (await asking('list stories', newest)).map(storyOf)
    },

    async stepsOf(story) {
      const found = await asking('read steps', () => findAll(steps, stepIds(story)))
      return found.map(({ step }) => JSON.parse(step))
    },
  }
}

async function findAll<T extends { readonly _id: string }>(
  collection: Collection<T>,
  ids: readonly string[],
): Promise<WithId<T>[]> {
  const found: WithId<T>[] = []
  for (let from = 0; from < ids.length; from += idsAtOnce) {
    const query = { _id: { $in: ids.slice(from, from + idsAtOnce) } } as Filter<T>
    found.push(...(await collection.find(query).toArray()))
  }
  return found
}

async function asking<T>(action: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw storeError(action, error)
  }
}

function stepDocument(step: SagaStep): StepDocument {
  return { _id: stepId(step), sagaId: step.sagaId, at: new Date(step.at), step: JSON.stringify(step) }
}

function overOlder(story: Story): AnyBulkWriteOperation<StoryDocument> {
  const { sagaId, revision, state, beganAt } = story
  return {
    updateOne: {
      filter: { _id: sagaId, revision: { $lt: revision } },
      update: { $set: { revision, state, beganAt, story: JSON.stringify(story) } },
      upsert: true,
    },
  }
}

function storyOf({ story }: Pick<StoryDocument, 'story'>): Story {
  return JSON.parse(story)
}
