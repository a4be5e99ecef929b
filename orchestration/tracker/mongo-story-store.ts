import type { AnyBulkWriteOperation, Collection, Db, Filter, WithId } from 'mongodb'
import { RetryableError } from '#messaging'
import { chunks } from '../mongo/chunks.ts'
import { asking, takenPositions } from '../mongo/errors.ts'
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

    async purge(before, limit) {
      const filter = { state: 'ended', beganAt: { $lt: before } }
      const oldest = () => stories.find(filter).sort({ beganAt: 1, _id: 1 }).limit(limit).toArray()
      const found = (await asking('find old stories', oldest)).map(storyOf)
      const over = found.filter(({ at }) => at < before)
      // Steps first: without their story nobody would find them again.
      for (const ids of chunks(over.flatMap(stepIds)))
        await asking('purge steps', () => steps.deleteMany({ _id: { $in: ids } }))
      const removals = over.map(({ sagaId, revision }) => ({
        deleteOne: { filter: { _id: sagaId, revision } },
      }))
      if (removals.length > 0) await asking('purge stories', () => stories.bulkWrite(removals))
      return over.length
    },
  }
}

async function findAll<T extends { readonly _id: string }>(
  collection: Collection<T>,
  ids: readonly string[],
): Promise<WithId<T>[]> {
  const found: WithId<T>[] = []
  for (const some of chunks(ids)) {
    found.push(...(await collection.find({ _id: { $in: some } } as Filter<T>).toArray()))
  }
  return found
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
