import type { Story } from './saga-machine.ts'
import type { StoryStore } from './story-store.ts'
import type { Viewpoint, Why } from './why/rule.ts'
import { whyOf } from './why/why.ts'

export type Surveyed = { readonly story: Story; readonly why: Why }

/** Why every saga that goes on does so, the oldest first. `isPartial`: there are more, and only these were looked at. */
export type Survey = {
  readonly at: number
  readonly sagas: readonly Surveyed[]
  readonly isPartial: boolean
}

/** Milliseconds that an answer holds, and the longer it took, the longer; up to the second it is given while a new one is made. */
const holds = { fresh: 2_000, stale: 30_000 }
const restPerWork = 10

/**
 * Looks at all sagas that go on, when somebody asks. Causes depend on the time and on the broker, so no database can count them;
 * answers are kept for a while, so that many who look cost no more than one.
 */
export function surveys(options: {
  readonly stories: () => StoryStore
  readonly viewpoint: () => Viewpoint
  /** Sagas that are looked at: the oldest, where those are that are stuck. Default 5,000. */
  readonly most?: number
}): () => Promise<Survey> {
  const { most = 5_000 } = options
  let last: { readonly survey: Survey; readonly until: number } | undefined
  let running: Promise<Survey> | undefined

  async function take(): Promise<Survey> {
    const { now: at } = options.viewpoint()
    const query = { states: ['running', 'waiting'] } as const
    const stories = await options.stories().list(query, { order: 'urgency', limit: most + 1 })
    const viewpoint = options.viewpoint()
    const sagas = stories.slice(0, most).flatMap((story) => {
      const why = whyOf(story, viewpoint)
      return why ? [{ story, why }] : []
    })
    const survey = { at, sagas, isPartial: stories.length > most }
    const { now } = options.viewpoint()
    last = { survey, until: now + Math.max(holds.fresh, restPerWork * (now - at)) }
    return survey
  }

  return async () => {
    const { now } = options.viewpoint()
    if (last && now < last.until) return last.survey
    running ??= take().finally(() => {
      running = undefined
    })
    if (!last || now - last.survey.at > holds.stale) return await running
    // Whoever asks next is told when it fails.
    running.catch(() => {})
    return last.survey
  }
}
