import { expect, test } from '@jest/globals'
import { contracts } from '#contracts'
import { publishedContracts } from './published.ts'

const { OrderPaid } = contracts.events
const published = { version: 1, id: 7, schema: JSON.stringify(OrderPaid.schema) }

/** A registry that holds one event, until it is away. */
function registry() {
  let now = 0
  let isAway = false
  const asked: string[] = []
  async function answer(input: string | URL | Request): Promise<Response> {
    const path = new URL(String(input)).pathname
    asked.push(path)
    if (isAway) throw new TypeError('fetch failed')
    if (path.startsWith('/config/')) return Response.json({ compatibilityLevel: 'FULL_TRANSITIVE' })
    return Response.json(path.endsWith('/versions') ? [1] : published)
  }
  const ask = publishedContracts([OrderPaid], { url: 'http://registry', fetch: answer }, { now: () => now })
  return {
    asked,
    versions: async () => (await ask()).get(OrderPaid.subject),
    pass(ms: number) {
      now += ms
    },
    goAway() {
      isAway = true
    },
  }
}

const known = {
  versions: [{ version: 1, id: 7, schema: OrderPaid.schema }],
  compatibility: 'FULL_TRANSITIVE',
}

test('the registry is asked every 30 s at most, however many want to know', async () => {
  const { asked, versions, pass } = registry()
  expect(await Promise.all([versions(), versions()])).toEqual([known, known])
  pass(29_000)
  await versions()
  expect(asked).toHaveLength(3)
  pass(1_000)
  await versions()
  expect(asked).toHaveLength(6)
})

test('what it said before counts while it is away', async () => {
  const { versions, pass, goAway } = registry()
  await versions()
  goAway()
  pass(30_000)
  expect(await versions()).toEqual(known)
})

test('nothing is told of a registry that never answered', async () => {
  const { versions, goAway } = registry()
  goAway()
  expect(await versions()).toBeUndefined()
})
