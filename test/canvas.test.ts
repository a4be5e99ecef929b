import { describe, expect, test } from '@jest/globals'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import type { ZodObject } from 'zod'
import { contracts } from '#contracts'
import type { Effect } from '#orchestration'
import { participants } from '../services/cast.ts'
import { orderConfig } from '../services/order/config.ts'
import { openApiDocument } from '../services/order/http/openapi.ts'
import { paymentConfig } from '../services/payment/config.ts'
import { paymentEffects } from '../services/payment/effects.ts'
import { sandboxConfig } from '../services/sandbox/config.ts'
import { shippingConfig } from '../services/shipping/config.ts'
import { shippingEffects } from '../services/shipping/effects.ts'
import { trackerConfig } from '../services/tracker/config.ts'
import { quoted, tableUnder, textOf } from './markdown.ts'

const events = Object.values(contracts.events)
const configs: Readonly<Record<string, ZodObject>> = {
  order: orderConfig,
  payment: paymentConfig,
  shipping: shippingConfig,
  tracker: trackerConfig,
  sandbox: sandboxConfig,
}
const effects: Readonly<Record<string, Readonly<Record<string, Effect>>>> = {
  order: {},
  payment: paymentEffects(paymentConfig.parse({})),
  shipping: shippingEffects(shippingConfig.parse({})),
}

const canvas = (service: string) => textOf(`services/${service}/README.md`)
/** The names in the first column. */
const named = (service: string, heading: string) =>
  tableUnder(canvas(service), heading).flatMap((row) => quoted(Object.values(row)[0] ?? '').slice(0, 1))

function statesOf(machine: AnyStateMachine): AnyStateNode[] {
  const below = (node: AnyStateNode): AnyStateNode[] =>
    Object.values(node.states as Record<string, AnyStateNode>).flatMap((child) => [child, ...below(child)])
  return below(machine.root)
}
const nameOf = (state: AnyStateNode) => state.path.join('.')
const stateNames = (states: readonly AnyStateNode[]) => states.map(nameOf)

describe.each(Object.entries(participants))('the canvas of %s', (service, machine) => {
  const states = statesOf(machine)

  test('names every state, and which are final', () => {
    expect(named(service, 'States')).toEqual(expect.arrayContaining(stateNames(states)))
    expect(named(service, 'States')).toHaveLength(states.length)
    const final = tableUnder(canvas(service), 'States').filter((row) => Object.values(row)[1] === 'final')
    expect(final.flatMap(({ State = '' }) => quoted(State)).sort()).toEqual(
      stateNames(states.filter(({ type }) => type === 'final')).sort(),
    )
  })

  test('names every event that the machine takes in, its topic and the states that take it', () => {
    const said = tableUnder(canvas(service), 'Events in').map((row) => ({
      event: quoted(row.Event ?? '')[0],
      topic: quoted(row['From topic'] ?? '')[0],
      states: [...quoted(row['Taken in by'] ?? '')].sort(),
    }))
    const declared = new Map<string, string[]>()
    // A state inside another one is named by the outer one.
    for (const state of states)
      for (const type of Object.keys(state.config.on ?? {}))
        declared.set(type, [...(declared.get(type) ?? []), state.path[0] ?? ''])
    const taken = [...declared].map(([event, names]) => ({
      event,
      topic: contracts.events[event as keyof typeof contracts.events].topic,
      states: names.sort(),
    }))
    expect(new Set(said)).toEqual(new Set(taken))
  })

  test('names every event that it may say', () => {
    const own = events.filter(({ owner, topic }) => owner === service && topic === `${service}.events`)
    expect([...named(service, 'Events out')].sort()).toEqual(own.map(({ type }) => type).sort())
  })

  test('names every timer, where it is set and how long it is', () => {
    const said = tableUnder(canvas(service), 'Timers').map((row) => ({
      timer: quoted(row.Timer ?? '')[0],
      states: quoted(row['Set in'] ?? ''),
      isSetting: (quoted(row.Length ?? '')[0] ?? '') in (configs[service]?.shape ?? {}),
    }))
    const set = states.flatMap((state) =>
      Object.keys(state.config.after ?? {}).map((timer) => ({
        timer,
        states: [nameOf(state)],
        isSetting: true,
      })),
    )
    expect(said).toEqual(set)
  })

  test('names every effect and its deadline', () => {
    const defaults = configs[service]?.parse({}) ?? {}
    const said = tableUnder(canvas(service), 'Effects').map((row) => ({
      effect: quoted(row.Effect ?? '')[0],
      deadline: defaults[quoted(row.Deadline ?? '')[0] ?? ''],
    }))
    const done = Object.entries(effects[service] ?? {}).map(([effect, { deadline }]) => ({
      effect,
      deadline,
    }))
    expect(said).toEqual(done)
    const invoked = states.flatMap(({ invoke }) => invoke.map(({ src }) => src))
    expect(said.map(({ effect }) => effect).sort()).toEqual([...invoked].sort())
  })

  test.each(['Events in', 'Timers', 'Effects'])('leads only to states that exist: %s', (heading) => {
    const leads = tableUnder(canvas(service), heading).flatMap((row) => [
      ...quoted(row['Leads to'] ?? ''),
      ...quoted(row['`onDone`'] ?? ''),
      ...quoted(row['`onError`'] ?? ''),
    ])
    expect(stateNames(states)).toEqual(expect.arrayContaining(leads))
  })
})

test.each(Object.entries(configs))(
  'the canvas of %s names every setting and its default',
  (service, config) => {
    const said = tableUnder(canvas(service), 'Settings').map(({ Variable = '', Default = '' }) => [
      quoted(Variable)[0],
      quoted(Default)[0],
    ])
    const defaults = config.parse({})
    const read = Object.keys(config.shape).map((name) => [
      name,
      defaults[name] === undefined ? undefined : String(defaults[name]),
    ])
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(read))
  },
)

test('the canvas of order names every request that its API serves', () => {
  const served = Object.entries(openApiDocument.paths ?? {}).flatMap(([path, operations]) =>
    Object.keys(operations ?? {}).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect([...named('order', 'HTTP')].sort()).toEqual(served.sort())
})

test('the contracts say of every event who listens to it', () => {
  const rows = tableUnder(textOf('contracts/README.md'), 'What is said')
  const said = rows.map((row) => ({
    event: quoted(row.Event ?? '')[0],
    topic: quoted(row.Topic ?? '')[0],
    listeners: Object.keys(participants).filter((name) =>
      new RegExp(`\\b${name}\\b`).test(row['Who listens'] ?? ''),
    ),
  }))
  const listening = events.map(({ type, topic }) => ({
    event: type,
    topic,
    listeners: Object.entries(participants).flatMap(([name, machine]) =>
      (machine as AnyStateMachine).events.includes(type) ? [name] : [],
    ),
  }))
  expect(new Set(said)).toEqual(new Set(listening))
})
