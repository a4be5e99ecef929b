import { RetryableError } from '#messaging'
import type { SagaStep } from '../saga-steps.ts'
import { catalogue } from './catalogue.ts'
import type { Story } from './saga-machine.ts'
import {
  endedRank,
  fieldsOf,
  type Page,
  pageOf,
  rankOfEnded,
  type StoryFields,
  type StoryQuery,
} from './story-fields.ts'
import type { StoryStore, Telling } from './story-store.ts'

type Entry = { readonly story: Story; readonly fields: StoryFields; readonly steps: readonly SagaStep[] }

/** Stories in this process, for tests and the embedded mode: every promise of the port except that nothing outlives the process. */
export function memoryStoryStore(): StoryStore {
  const entries = new Map<string, Entry>()
  const listed = catalogue()

  function replace({ story, from, steps }: Telling): boolean {
    const before = entries.get(story.sagaId)
    if ((before?.story.revision ?? 0) !== from) return false
    const kept = [...(before?.steps ?? []), ...structuredClone(steps)]
    const fields = fieldsOf(story)
    entries.set(story.sagaId, { story: structuredClone(story), fields, steps: kept })
    listed.put(story.sagaId, fields)
    return true
  }

  function stories(ids: Iterable<string>): Story[] {
    return [...ids].flatMap((id) => {
      const entry = entries.get(id)
      return entry ? [structuredClone(entry.story)] : []
    })
  }

  function found({ id, ...query }: StoryQuery & { readonly id: string }, page: Page): Story[] {
    const named = [...entries.values()].filter(({ fields }) => fields.ids.includes(id))
    return pageOf(
      named.map(({ story }) => story),
      query,
      page,
    ).map((story) => structuredClone(story))
  }

  return {
    async write(tellings) {
      const inTheWay = tellings.filter((telling) => !replace(telling))
      if (inTheWay.length > 0)
        throw new RetryableError(`${inTheWay.length} stories are told by another tracker`)
    },
    read: async (sagaIds) => stories(new Set(sagaIds)),
    async list({ id, ...query }, page) {
      return id === undefined ? stories(listed.list(query, page)) : found({ id, ...query }, page)
    },
    async count({ id, ...query }, most) {
      if (id === undefined) return listed.count(query, most)
      return found({ id, ...query }, { order: 'urgency', limit: most }).length
    },
    tally: async () => listed.tally(),
    stepsOf: async (sagaId) => structuredClone(entries.get(sagaId)?.steps ?? []),
    async purge(before, limit) {
      const over = [...entries.values()]
        .filter(({ fields: { rank } }) => rank > endedRank && rank > rankOfEnded(before))
        .sort((a, b) => b.fields.rank - a.fields.rank)
        .slice(0, limit)
      for (const { story } of over) {
        entries.delete(story.sagaId)
        listed.remove(story.sagaId)
      }
      return over.length
    },
  }
}
