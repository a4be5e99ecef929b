import { randomUUID } from 'node:crypto'
import { contracts, milestones } from '#contracts'
import {
  housekeepingFrom,
  memoryStoryShelf,
  mongoStoryShelf,
  type RunningTracker,
  readConfig,
  runService,
  runTracker,
  type Service,
  serveHttp,
  surveys,
  type TrackerNews,
} from '#orchestration'
import { trackerConfig } from './config.ts'
import { schemaVersions } from './contracts/schema-versions.ts'
import { trackerApp } from './http/app.ts'
import { masking } from './http/masking.ts'
import { type Viewer, viewpointOf } from './http/viewer.ts'
import { viewRoutes } from './http/views.ts'
import { observeTracker } from './metrics.ts'
import { type Operator, startOperator, type TrackerView } from './operator.ts'

/** Watches every saga and tells its story. What it commands, an operator has asked for: without it, only the view is missing. */
export const tracker: Service = {
  name: 'tracker',
  async start(context) {
    const { infrastructure, environment, clock, log, onFatal } = context
    const config = readConfig(trackerConfig, environment)
    const { archiveAfter } = housekeepingFrom(environment)
    const { broker, codec, database, readiness } = infrastructure
    const running = await runTracker({
      broker,
      // A shelf in memory is empty at each start, so a group of its own reads everything again.
      shelf: database ? mongoStoryShelf(database) : memoryStoryShelf(`tracker-${randomUUID().slice(0, 8)}`),
      contracts,
      rebuild: config.CHORUS_TRACKER_REBUILD,
      clock,
      archiveAfter,
      log,
      onFatal,
    })
    const operator = await startOperator(context).catch(async (error) => {
      await running.stop()
      throw error
    })
    running.watch((news) => pass(news, operator))
    const viewpoint = () => viewpointOf({ tracker: running, now: clock.now })
    const viewer: Viewer = {
      tracker: running,
      survey: surveys({ stories: running.stories, viewpoint }),
      openLetters: () => operator.openLetters().length,
      contracts,
      milestones,
      codec,
      masking: masking(contracts),
      schemaVersion: schemaVersions(operator.published),
      now: clock.now,
    }
    const api = [...viewRoutes(viewer), ...operator.routes(operatorView(running))]
    const endMetrics = observeTracker(viewer)
    async function stop(): Promise<void> {
      endMetrics()
      await operator.close()
      await running.stop()
    }
    const http = await serveHttp(trackerApp({ api, readiness, log }), config.TRACKER_PORT).catch(
      async (error) => {
        await stop()
        throw error
      },
    )
    return {
      address: http.address,
      async stop() {
        await Promise.all([http.close(), stop()])
      },
    }
  },
}

function pass(news: TrackerNews, operator: Operator): void {
  if (news.type === 'lag') operator.tell({ type: 'lag' })
  else operator.onSteps(news.told.flatMap(({ steps }) => steps))
}

/** What operators' screens know of the sagas. */
function operatorView({ definitions, stories, lag }: RunningTracker): TrackerView {
  return {
    definitions,
    beganAt: async (sagaId) => (await stories().read([sagaId]))[0]?.beganAt,
    lagOf(group, topic) {
      const reading = lag().groups.find((it) => it.group === group)
      const its = reading?.partitions.filter((partition) => partition.topic === topic) ?? []
      return its.length === 0 ? null : its.reduce((sum, { lag }) => sum + Number(lag), 0)
    },
  }
}

if (import.meta.main) await runService(tracker, contracts)
