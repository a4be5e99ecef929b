import { MongoClient } from 'mongodb'
import { contracts, milestones } from '#contracts'
import { createCodec, memoryBroker, memoryRegistry } from '#messaging'
import type { Logger } from '#observability'
import {
  definitionsTopic,
  memoryStoryShelf,
  mongoStoryShelf,
  runTracker,
  type StoryShelf,
  type StoryStore,
  serveHttp,
  stepsTopic,
  surveys,
} from '#orchestration'
import { trackerApp } from '../../services/tracker/http/app.ts'
import { masking } from '../../services/tracker/http/masking.ts'
import { type Viewer, viewpointOf } from '../../services/tracker/http/viewer.ts'
import { viewRoutes } from '../../services/tracker/http/views.ts'
import { definitions } from './sagas.ts'

/** A tracker whose store is filled by hand, and its API. */
export type TrackerStage = {
  readonly store: StoryStore
  readonly address: string
  close(): Promise<void>
}

/** `uri`: of a MongoDB server, in which a database of this name is made and removed; without it, stories are in memory. */
export async function trackerStage(uri: string | undefined, log: Logger): Promise<TrackerStage> {
  const client = uri === undefined ? undefined : await MongoClient.connect(uri)
  const database = client?.db(`chorus-bench-tracker-${process.pid}`)
  const shelf: StoryShelf = database ? mongoStoryShelf(database) : memoryStoryShelf()
  const broker = memoryBroker()
  const admin = await broker.admin()
  await admin.createTopics([stepsTopic, definitionsTopic].map((name) => ({ name, partitions: 1 })))
  const producer = await broker.producer()
  await producer.send(
    definitions.map((definition) => ({
      topic: definitionsTopic,
      key: definition.participant,
      value: Buffer.from(JSON.stringify(definition)),
      headers: {},
    })),
  )
  const tracker = await runTracker({
    broker,
    shelf,
    contracts,
    log,
    onFatal: (error) => log.error(error.message),
  })
  const viewpoint = () => viewpointOf({ tracker, now: Date.now })
  const viewer: Viewer = {
    tracker,
    survey: surveys({ stories: tracker.stories, viewpoint }),
    openLetters: () => 0,
    contracts,
    milestones,
    codec: await createCodec({ contracts, registry: memoryRegistry(contracts) }),
    masking: masking(contracts),
    schemaVersion: () => null,
    now: Date.now,
  }
  const app = trackerApp({ api: viewRoutes(viewer), readiness: async () => ({}), log })
  const http = await serveHttp(app, 0)
  return {
    store: tracker.stories(),
    address: http.address,
    async close() {
      await http.close()
      await tracker.stop()
      await database?.dropDatabase()
      await client?.close()
    },
  }
}
