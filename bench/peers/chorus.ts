import { audit } from '../audit.ts'
import { watchEndings } from '../load/endings.ts'
import { httpEntry } from '../load/http-entry.ts'
import { openStage } from '../stage/stage.ts'
import { watchedOn } from '../stage/watched.ts'
import type { Engine } from './engine.ts'

/** The shop as it is, as `npm run bench` has it. */
export function chorus(options: { readonly withTracker: boolean; readonly withTracing: boolean }): Engine {
  return {
    name: 'Chorus',
    async open({ folder, signal, onDeath }) {
      const stage = await openStage({ ...options, folder, instances: 1, signal, onDeath })
      try {
        const { crew, infrastructure, servers, stop } = stage
        await crew.start()
        const endings = await watchEndings(infrastructure.broker, (error) =>
          onDeath('who watches endings', error.message),
        )
        return {
          versions: servers.servers.map(({ name, version }) => `${name} ${version}`),
          entry: httpEntry(crew.addresses('order')),
          endings,
          watched: watchedOn(stage),
          async check(orders) {
            const { violations } = await audit(stage, orders)
            const [first] = violations
            if (first) throw new Error(`${violations.length} violations, the first: ${first.says}`)
          },
          async stop() {
            await endings.close()
            await stop()
          },
        }
      } catch (error) {
        await stage.stop()
        throw error
      }
    },
  }
}
