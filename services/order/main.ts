import { v7 as uuidv7 } from 'uuid'
import { contracts } from '#contracts'
import { sender } from '#messaging'
import {
  housekeepingFrom,
  type Infrastructure,
  readConfig,
  runParticipant,
  runService,
  type Service,
  serveHttp,
} from '#orchestration'
import { orderBacklog } from './backlog.ts'
import { orderConfig } from './config.ts'
import { orderApi } from './http/app.ts'
import { memoryRequests } from './http/memory-requests.ts'
import { mongoRequests } from './http/mongo-requests.ts'
import type { RequestStore } from './http/requests.ts'
import { orderParticipant } from './participant.ts'

/** Takes orders over HTTP and follows each one to its ending. */
export const order: Service = {
  name: 'order',
  async start({ infrastructure, environment, clock, log, onFatal }) {
    const config = readConfig(orderConfig, environment)
    const { broker, codec, readiness } = infrastructure
    const part = orderParticipant(config)
    const store = await infrastructure.store(part.name)
    const requests = await requestStore(infrastructure)
    const admin = await broker.admin()
    const commands = sender(await broker.producer())
    const running = await runParticipant(part, {
      broker,
      store,
      codec,
      clock,
      log,
      onFatal,
      housekeeping: { ...housekeepingFrom(environment), purge: requests.purge },
    }).catch(async (error) => {
      await commands.close()
      await admin.close()
      throw error
    })
    const stopping = new AbortController()
    const api = orderApi({
      store,
      requests,
      codec,
      send: commands.send,
      backlog: orderBacklog(admin, store, config.ORDER_BACKLOG_LIMIT),
      readiness,
      clock,
      ids: uuidv7,
      log,
      stopping: stopping.signal,
      limits: { requestsPerMinute: config.ORDER_RATE_LIMIT, backlog: config.ORDER_BACKLOG_LIMIT },
    })
    const http = await serveHttp(api, config.ORDER_PORT)

    return {
      address: http.address,
      async stop() {
        stopping.abort()
        await http.close()
        await commands.close()
        await running.stop()
        await admin.close()
      },
    }
  },
}

async function requestStore({ database }: Infrastructure): Promise<RequestStore> {
  return database ? mongoRequests(database) : memoryRequests()
}

if (import.meta.main) await runService(order, contracts)
