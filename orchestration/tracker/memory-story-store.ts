import { RetryableError } from '#messaging'
import type { SagaStep } from '../saga-steps.ts'
import type { Story } from './saga-machine.ts'
import { type StoryStore, stepId, stepIds } from './story-store.ts'

/** Stories in this process, for tests and the embedded mode: every promise of the port except that nothing outlives the process. */
export function memoryStoryStore(): StoryStore {
  const steps = new Map<string, SagaStep>()
  const stories = new Map<string, Story>()

  return {
    async insertSteps(batch) {
      for (const step of batch) if (!steps.has(stepId(step))) steps.set(stepId(step), structuredClone(step))
    },

    readStories: async (sagaIds) => found(stories, sagaIds),

    async writeStories(batch) {
      const behind = batch.filter(({ sagaId, revision }) => (stories.get(sagaId)?.revision ?? 0) >= revision)
      for (const story of batch) {
        if (!behind.includes(story)) stories.set(story.sagaId, structuredClone(story))
      }
      if (behind.length > 0) throw new RetryableError(`${behind.length} stories are told by another tracker`)
    },

    async listStories({ limit, after }) {
      const last = after && { beganAt: after.beganAt, sagaId: after.id }
      return [...stories.values()]
        .filter((story) => !last || newestFirst(story, last) > 0)
        .sort(newestFirst)
        .slice(0, limit)
        .map((story) => structuredClone(story))
    },

    stepsOf: async (story) => found(steps, stepIds(story)),

    async purge(before, limit) {
      const over = [...stories.values()]
        .filter(({ state, at }) => state === 'ended' && at < before)
        .sort((a, b) => a.beganAt - b.beganAt)
        .slice(0, limit)
      for (const story of over) {
        for (const id of stepIds(story)) steps.delete(id)
        stories.delete(story.sagaId)
      }
      return over.length
    },
  }
}

function found<T>(stored: ReadonlyMap<string, T>, ids: readonly string[]): T[] {
  return [...new Set(ids)].flatMap((id) => {
    const value = stored.get(id)
    return value === undefined ? [] : [structuredClone(value)]
  })
}

type Place = Pick<Story, 'sagaId' | 'beganAt'>

/** Ids by code, as MongoDB orders strings. */
function newestFirst(a: Place, b: Place): number {
  return b.beganAt - a.beganAt || (a.sagaId < b.sagaId ? 1 : a.sagaId > b.sagaId ? -1 : 0)
}
