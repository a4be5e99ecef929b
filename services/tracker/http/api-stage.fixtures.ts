import { contracts } from '#contracts'
import { createCodec, memoryRegistry } from '#messaging'
import type { Logger } from '#observability'
import {
  type Definitions,
  type LagReading,
  memoryStoryShelf,
  type Readiness,
  type Story,
  type StoryStore,
  serveHttp,
  surveys,
} from '#orchestration'
import { trackerApp } from './app.ts'
import { masking } from './masking.ts'
import { aStory, beginning, itsSteps } from './story.fixtures.ts'
import { type Viewer, viewpointOf } from './viewer.ts'
import { viewRoutes } from './views.ts'

export const guest = { participant: 'guest', version: '1', definition: { states: {} }, listensTo: [] }
const definitions: Definitions = {
  of: () => guest,
  listenersOf: () => ['kitchen'],
  sayersOf: () => [],
  newest: () => [guest],
  all: () => [guest],
}
const now = beginning + 5_000

/** The tracker's API over stories that a test tells. What it is given may be changed at any time. */
export type ApiStage = {
  readonly address: string
  /** How many sagas are looked at for causes. */
  looksAt: number
  store: StoryStore
  lag: LagReading
  readiness: Readiness
  readonly logged: string[]
  tell(stories: readonly Story[]): Promise<void>
  get(path: string): Promise<Answer>
  close(): Promise<void>
}

type Answer = {
  readonly status: number
  readonly body: Body
  readonly type: string | null
  readonly link: string | null
}

type Body = {
  readonly sagas: readonly Pick<Story, 'sagaId'>[]
  readonly total: number
  readonly isPartial?: boolean
  readonly next?: string
  readonly parts: unknown
  readonly timeline: readonly { readonly emitted: readonly unknown[] }[]
}

export async function apiStage(): Promise<ApiStage> {
  const logged: string[] = []
  const log: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (message) => void logged.push(message),
    child: () => log,
  }
  const given = {
    looksAt: 5_000,
    store: await memoryStoryShelf().open({ group: 'tracker', shape: 2 }),
    lag: { at: null, error: null, groups: [] } as LagReading,
    readiness: { broker: true, store: true } as Readiness,
  }
  const tracker: Viewer['tracker'] = {
    definitions,
    rates: {
      count() {},
      minutes: () => [{ minute: beginning, started: 3, ended: 1, compensated: 0 }],
      durations: () => null,
    },
    stories: () => given.store,
    lag: () => given.lag,
    rebuild: () => ({ state: 'rebuilding', read: 3, end: 9, since: beginning }),
  }
  const viewpoint = () => viewpointOf({ tracker, now: () => now })
  const api = viewRoutes({
    tracker,
    survey: () => surveys({ stories: tracker.stories, viewpoint, most: given.looksAt })(),
    openLetters: () => 4,
    contracts,
    milestones: [
      { name: 'Called', type: 'Called' },
      { name: 'Left', type: 'GuestLeft' },
    ],
    codec: await createCodec({ contracts, registry: memoryRegistry(contracts) }),
    masking: masking(contracts),
    schemaVersion: (subject) => (subject.startsWith('order.events') ? 3 : null),
    now: () => now,
  })
  const server = await serveHttp(trackerApp({ api, readiness: async () => given.readiness, log }), 0)

  return Object.assign(given, {
    address: server.address,
    logged,
    async tell(stories: readonly Story[]) {
      const tellings = stories.map((story) => ({
        ...{ story, from: 0 },
        steps: itsSteps(story.sagaId, story.beganAt),
      }))
      await given.store.write(tellings)
    },
    async get(path: string) {
      const response = await fetch(`${server.address}/api/v1${path}`)
      const { status, headers } = response
      return {
        status,
        body: (await response.json()) as Body,
        type: headers.get('content-type'),
        link: headers.get('link'),
      }
    },
    close: server.close,
  })
}

export function anEnded(sagaId: string, beganAt: number): Story {
  const story = aStory(sagaId, beganAt)
  const guest = story.parts.guest as Story['parts'][string]
  return { ...story, state: 'ended', parts: { guest: { ...guest, state: 'left', status: 'done' } } }
}

export function idOf({ sagaId }: Pick<Story, 'sagaId'>): string {
  return sagaId
}
