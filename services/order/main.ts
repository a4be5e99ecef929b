import { v7 as uuidv7 } from 'uuid'
import { contracts } from '#contracts'
import { sender } from '#messaging'
import {
  type Infrastructure,
  participant,
  readConfig,
  runParticipant,
  runService,
  type Service,
  serveHttp,
  systemClock,
} from '#orchestration'
import { orderConfig } from './config.ts'
import { orderApi } from './http/app.ts'
import { memoryRequests } from './http/memory-requests.ts'
import { mongoRequests } from './http/mongo-requests.ts'
import type { RequestStore } from './http/requests.ts'
import { orderMachine } from './machine.ts'

/** Takes orders over HTTP and follows each one to its ending. */
export const order: Service = {
  name: 'order',
  async start({ infrastructure, environment, log, onFatal }) {
    const config = readConfig(orderConfig, environment)
    const { broker, codec, readiness } = infrastructure
    const part = participant({
      name: 'order',
      version: '1',
      machine: orderMachine,
      effects: {},
      contracts,
      input: { paymentPatience: config.ORDER_PAYMENT_PATIENCE },
    })
    const store = await infrastructure.store(part.name)
    const commands = sender(await broker.producer())
    const running = await runParticipant(part, { broker, store, codec, log, onFatal }).catch(
      async (error) => {
        await commands.close()
        throw error
      },
    )
    const stopping = new AbortController()
    const api = orderApi({
      store,
      requests: requestStore(infrastructure),
      codec,
      send: commands.send,
      readiness,
      clock: systemClock,
      ids: uuidv7,
      log,
      stopping: stopping.signal,
      limits: { requestsPerMinute: config.ORDER_RATE_LIMIT },
    })
    const http = await serveHttp(api, config.ORDER_PORT)

    return {
      address: http.address,
      async stop() {
        stopping.abort()
        await http.close()
        await commands.close()
        await running.stop()
      },
    }
  },
}

function requestStore({ database }: Infrastructure): RequestStore {
  return database ? mongoRequests(database) : memoryRequests()
}

if (import.meta.main) await runService(order, contracts)
