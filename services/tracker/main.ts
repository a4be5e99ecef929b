import { contracts } from '#contracts'
import {
  housekeepingFrom,
  memoryStoryStore,
  mongoStoryStore,
  readConfig,
  runService,
  runTracker,
  type Service,
  serveHttp,
} from '#orchestration'
import { trackerConfig } from './config.ts'
import { trackerApi } from './http/app.ts'

/** Watches every saga and tells its story. It commands nothing: without it, only the view is missing. */
export const tracker: Service = {
  name: 'tracker',
  async start({ infrastructure, environment, clock, log, onFatal }) {
    const config = readConfig(trackerConfig, environment)
    const { broker, database, readiness } = infrastructure
    const store = database ? await mongoStoryStore(database) : memoryStoryStore()
    // A store in memory is empty at each start, so everything is read again.
    const { archiveAfter } = housekeepingFrom(environment)
    const running = await runTracker({
      broker,
      store,
      resume: database !== null,
      clock,
      archiveAfter,
      log,
      onFatal,
    })
    const api = trackerApi({ store, definitions: running.definitions, readiness, log, now: clock.now })
    const http = await serveHttp(api, config.TRACKER_PORT).catch(async (error) => {
      await running.stop()
      throw error
    })
    return {
      address: http.address,
      async stop() {
        await http.close()
        await running.stop()
      },
    }
  },
}

if (import.meta.main) await runService(tracker, contracts)
