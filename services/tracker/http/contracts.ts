import { Router } from 'express'
import { contracts, topics } from '#contracts'
import { personalFields } from '#messaging'
import type { Definitions } from '#orchestration'
import type { ContractsView } from '../api.ts'
import { asyncApiOf, type Roles } from '../contracts/asyncapi.ts'
import { exampleOf } from '../contracts/example.ts'
import type { PublishedContracts } from '../contracts/published.ts'
import { outside } from './topology.ts'

export type ContractsApi = {
  readonly definitions: Pick<Definitions, 'listenersOf' | 'sayersOf'>
  readonly published: PublishedContracts
}

/** `GET /contracts` and `GET /contracts/asyncapi.json`. */
export function contractRoutes({ definitions, published }: ContractsApi): Router {
  const events = Object.values(contracts.events)
  const rolesOf = (type: string): Roles => {
    const sayers = definitions.sayersOf(type)
    return { producers: sayers.length > 0 ? sayers : [outside], consumers: definitions.listenersOf(type) }
  }
  const routes = Router()
  routes.get('/contracts', async (_req, res) => {
    const known = await published()
    const answer: ContractsView = {
      events: events.map(({ type, owner, topic, subject, schema }) => ({
        ...{ type, owner, topic, subject, doc: schema.doc },
        ...rolesOf(type),
        personal: personalFields(schema),
        example: exampleOf(schema),
        ...(known.get(subject) ?? { versions: [], compatibility: null }),
      })),
    }
    res.json(answer)
  })
  routes.get('/contracts/asyncapi.json', (_req, res) => {
    res.json(asyncApiOf({ events, topics, rolesOf }))
  })
  return routes
}
