import type { Participant } from '../participant.ts'
import { runParticipant } from '../run-participant.ts'
import { housekeepingFrom } from './housekeeping.ts'
import { healthEndpoints, serveHttp } from './http.ts'
import type { RunningService, ServiceContext } from './service.ts'

/** Starts a service that is nothing but a participant: the participant itself, and `/livez` and `/readyz` on this port. */
export async function runParticipantService(
  part: Participant,
  context: ServiceContext,
  port: number,
): Promise<RunningService> {
  const { infrastructure, environment, clock, log, onFatal } = context
  const { broker, codec } = infrastructure
  const running = await runParticipant(part, {
    broker,
    codec,
    store: await infrastructure.store(part.name),
    clock,
    log,
    onFatal,
    housekeeping: housekeepingFrom(environment),
  })
  const health = await serveHttp(healthEndpoints(infrastructure.readiness), port)
  return {
    address: health.address,
    async stop() {
      await running.stop()
      await health.close()
    },
  }
}
