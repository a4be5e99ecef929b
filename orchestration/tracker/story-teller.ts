import { RetryableError } from '#messaging'
import type { SagaStep } from '../saga-steps.ts'
import { news, type Story, tell } from './saga-machine.ts'
import { type Reading, type StepTaken, stepTaken } from './story.ts'
import type { StoryStore } from './story-store.ts'

/** A step with its facts. Making it finds out whether the step can be told at all. */
export type ReadStep = { readonly step: SagaStep; readonly taken: StepTaken }

/** A story as it was, and as it is now, with the steps between the two. */
export type Told = {
  readonly before: Story | null
  readonly after: Story
  readonly steps: readonly SagaStep[]
}

export type StoryTeller = {
  /** Throws for what is not shaped like a step. */
  read(step: SagaStep): ReadStep
  /** Tells these steps on, in their order, and writes the stories. Rejects with a `RetryableError`; repeating is safe. */
  tell(steps: readonly ReadStep[]): Promise<readonly Told[]>
}

/** Stories that go on stay in memory, so that nothing is read before it is written. */
const remembered = 10_000

export function storyTeller(store: StoryStore, reading: Reading): StoryTeller {
  const known = new Map<string, Story>()

  async function tellFrom(steps: readonly ReadStep[], stories: readonly Story[]): Promise<Told[]> {
    const before = new Map(stories.map((story) => [story.sagaId, story]))
    const told = [...Map.groupBy(steps, ({ step }) => step.sagaId)].flatMap(([sagaId, its]) =>
      toldOf(sagaId, before.get(sagaId) ?? null, its),
    )
    await store.write(
      told.map(({ before, after, steps }) => ({ story: after, from: before?.revision ?? 0, steps })),
    )
    return told
  }

  /** What is not remembered is read, unless a step of it begins a saga. */
  async function believed(steps: readonly ReadStep[]): Promise<Story[]> {
    const participants = new Set(reading.definitions.newest().map(({ participant }) => participant))
    const sagas = idsOf(steps)
    const begun = new Set(idsOf(steps.filter(({ step }) => begins(step, participants))))
    const missing = sagas.filter((id) => !known.has(id) && !begun.has(id))
    const found = missing.length > 0 ? await store.read(missing) : []
    return [...found, ...sagas.flatMap((id) => known.get(id) ?? [])]
  }

  function remember(story: Story): void {
    known.delete(story.sagaId)
    if (story.state === 'ended') return
    known.set(story.sagaId, story)
    if (known.size > remembered) known.delete(known.keys().next().value as string)
  }

  return {
    read: (step) => ({ step, taken: stepTaken(step, reading) }),
    async tell(steps) {
      const told = await tellFrom(steps, await believed(steps)).catch(async (error) => {
        if (!(error instanceof RetryableError)) throw error
        // Another tracker has told on, or these steps come a second time.
        return await tellFrom(steps, await store.read(idsOf(steps)))
      })
      for (const { after } of told) remember(after)
      return told
    },
  }
}

function toldOf(sagaId: string, before: Story | null, reads: readonly ReadStep[]): Told[] {
  const fresh = new Set(
    news(
      before,
      reads.map(({ taken }) => taken),
    ),
  )
  const steps = reads.filter(({ taken }) => fresh.has(taken)).map(({ step }) => step)
  return fresh.size === 0 ? [] : [{ before, after: tell(before, sagaId, [...fresh]), steps }]
}

/** Somebody outside asked for it, and it is the first that this participant did: almost always a saga that nobody has heard of. */
function begins({ seq, cause }: SagaStep, participants: ReadonlySet<string>): boolean {
  return seq === 1 && cause.kind === 'event' && !participants.has(cause.source)
}

function idsOf(steps: readonly ReadStep[]): string[] {
  return [...new Set(steps.map(({ step }) => step.sagaId))]
}
