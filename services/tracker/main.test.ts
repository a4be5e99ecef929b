import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { contracts, topics } from '#contracts'
import type { Producer } from '#messaging'
import type { Logger } from '#observability'
import {
  definitionsTopic,
  type Infrastructure,
  memoryInfrastructure,
  type RunningService,
  type SagaStep,
  stepsTopic,
  systemClock,
} from '#orchestration'
import { beginning, itsSteps } from './http/story.fixtures.ts'
import { tracker } from './main.ts'

let infrastructure: Infrastructure
let producer: Producer
let running: RunningService

beforeEach(async () => {
  infrastructure = await memoryInfrastructure(contracts, topics)
  producer = await infrastructure.broker.producer()
  running = await start()
})

afterEach(() => running.stop())

test('tells over HTTP what was published, and all of it again after a restart', async () => {
  const definition = { participant: 'guest', version: '1', definition: {}, listensTo: [], emits: [] }
  await send(definitionsTopic, 'guest@1', definition)
  for (const step of itsSteps('s1', beginning)) await sendStep(step)
  const before = await story('s1', 2)
  expect(before).toMatchObject({ state: 'waiting', timeline: [{ seq: 1 }, { seq: 2 }] })
  expect(await (await fetch(`${running.address}/api/v1/definitions`)).json()).toEqual({
    definitions: [definition],
  })

  await running.stop()
  for (const step of itsSteps('s2', beginning)) await sendStep(step)
  running = await start()
  expect(await story('s1', 2)).toEqual(before)
  expect(await story('s2', 2)).toMatchObject({ sagaId: 's2' })
})

test('is live and ready once it has started', async () => {
  expect((await fetch(`${running.address}/livez`)).status).toBe(200)
  expect((await fetch(`${running.address}/readyz`)).status).toBe(200)
})

test('a wrong port is refused with what was expected', async () => {
  await expect(start('http')).rejects.toThrow(/TRACKER_PORT: got "http"/)
})

function start(port = '0'): Promise<RunningService> {
  const environment = { TRACKER_PORT: port }
  return tracker.start({
    infrastructure,
    environment,
    clock: systemClock,
    log,
    onFatal: (error) => expect(error).toBeNull(),
  })
}

const log: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }

function sendStep(step: SagaStep): Promise<void> {
  return send(stepsTopic, step.sagaId, step)
}

function send(topic: string, key: string, value: object): Promise<void> {
  return producer.send([{ topic, key, value: Buffer.from(JSON.stringify(value)), headers: {} }])
}

/** The saga as the API shows it, once it tells of this many steps. The sentence speaks of now, so it is left out. */
async function story(sagaId: string, steps: number): Promise<unknown> {
  const giveUpAt = performance.now() + 10_000
  for (;;) {
    const response = await fetch(`${running.address}/api/v1/sagas/${sagaId}`)
    const {
      sentence: _,
      why: __,
      ...body
    } = (await response.json()) as {
      sentence?: string
      why?: unknown
      timeline?: unknown[]
    }
    if (body.timeline?.length === steps) return body
    if (performance.now() > giveUpAt) throw new Error(`saga ${sagaId} was not told within 10 s`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
