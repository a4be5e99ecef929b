import express from 'express'
import { contracts, topics } from '#contracts'
import { deadLetter } from '#messaging'
import { createLogger } from '#observability'
import {
  type Definitions,
  fold,
  type HttpServer,
  type Infrastructure,
  type JournalRow,
  memoryInfrastructure,
  type SagaDefinition,
  serveHttp,
  systemClock,
} from '#orchestration'
import { answerProblems } from './http/problem.ts'
import { type Operator, startOperator } from './operator.ts'

const orderListens = ['PlaceOrder', 'CancelOrder', 'PaymentCaptured']

/** Two of the participants, as far as they have published themselves. */
const published: readonly SagaDefinition[] = [
  definition('order', orderListens, ['OrderPlaced', 'OrderPaid']),
  definition('payment', ['OrderPlaced', 'RetryRefund'], ['PaymentCaptured']),
]

function definition(participant: string, hears: readonly string[], emits: readonly string[]): SagaDefinition {
  const events: Readonly<Record<string, { readonly topic: string }>> = contracts.events
  const listensTo = hears.map((type) => ({ type, topic: events[type]?.topic ?? '' }))
  return { participant, version: '1', definition: {}, listensTo, emits }
}

const definitions: Definitions = {
  of: () => undefined,
  listenersOf: (type) => whoever(({ listensTo }) => listensTo.some((event) => event.type === type)),
  sayersOf: (type) => whoever(({ emits = [] }) => emits.includes(type)),
  newest: () => published,
  all: () => published,
}

const whoever = (does: (definition: SagaDefinition) => boolean) =>
  published.filter(does).map(({ participant }) => participant)

const log = createLogger({ service: 'test', level: 'silent' })

/** A row of a saga that is being paid. */
export function aRow(sagaId: string, seq: number): JournalRow {
  const nothing = { started: [], ended: [] }
  return {
    ...{
      _id: `${sagaId}:${seq}`,
      sagaId,
      seq,
      attempt: `${seq}`,
      version: '1',
      partition: 0,
      at: 1_000 + seq,
    },
    cause: { kind: 'timer', id: `patience@${seq}`, dueAt: 1_000 },
    ...{ outcome: 'applied', consumed: [], emitted: [], timers: nothing, effects: nothing, trace: {} },
    state: { value: 'paying', context: {}, status: 'active' },
  }
}

/** What operators work with, served on a broker and a store in memory. */
export type OperatorStage = {
  readonly operator: Operator
  readonly infrastructure: Infrastructure
  readonly address: string
  get(path: string): Promise<Answer>
  /** With the token and all that a request needs; `headers` replace them. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>
  /** An event about this saga cannot be read and goes to payment's dead letters, whose row holds it; resolves with the letter's id. */
  giveUp(sagaId: string): Promise<string>
  stop(): Promise<void>
}

export type Answer = {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  readonly body: any
}

export async function operatorStage(
  environment: Readonly<Record<string, string>> = { CONSOLE_WRITE: 'true' },
): Promise<OperatorStage> {
  const infrastructure = await memoryInfrastructure(contracts, topics)
  const context = { infrastructure, environment, clock: systemClock, log, onFatal() {} }
  const operator = await startOperator(context)
  const routes = operator.routes({ definitions, beganAt: async () => 1, lagOf: () => null })
  const app = express()
    .use('/api/v1', ...routes)
    .use(answerProblems(log))
  const server: HttpServer = await serveHttp(app, 0)
  const base = `${server.address}/api/v1`

  async function ask(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(base + path, { ...init, signal: AbortSignal.timeout(10_000) })
    return { status: response.status, body: await response.json() }
  }

  const token = (await ask('/settings')).body.token ?? ''
  let offset = 0n
  return {
    operator,
    infrastructure,
    address: base,
    get: (path) => ask(path),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-chorus-token': token, ...headers },
        body: JSON.stringify(body),
      }),
    async giveUp(sagaId) {
      const store = await infrastructure.store('payment')
      const row = `${sagaId}:1`
      const held = { row, seq: 1, id: 'e-0', code: 'CHORUS_UNREADABLE', reason: 'torn', at: 1 }
      await store.insertRows([{ ...aRow(sagaId, 1), held }])
      await store.writeHeads([fold(null, { ...aRow(sagaId, 1), held })])
      const message = infrastructure.codec.encode({
        ...{ id: `e-${sagaId}`, type: 'OrderCancelled', source: 'order', sagaId, time: 0, trace: {} },
        data: { orderId: sagaId, reason: 'changed my mind' },
      })
      const letter = deadLetter(
        { ...message, key: sagaId, partition: 0, offset: offset++ },
        { group: 'payment', code: 'CHORUS_UNREADABLE', reason: 'torn', at: 1_000, row },
      )
      const producer = await infrastructure.broker.producer()
      await producer.send([letter])
      await producer.close()
      return letter.headers.dlt_id ?? ''
    },
    async stop() {
      await operator.close()
      await server.close()
    },
  }
}
