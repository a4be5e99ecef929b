import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { identify, type ProcessId } from '../../infra/processes.ts'
import { eventually, testSettings } from '../../test/shop.ts'
import { startEmbedded } from '../shop/embedded.ts'
import type { RunningShop } from '../shop/running-shop.ts'
import type { Shop } from '../shop/shop.ts'
import type { AddressOf } from './addresses.ts'
import { type Stage, stage } from './stage.fixtures.ts'

let shop: Shop
let on: Stage
beforeAll(async () => {
  on = await stage()
  const ports = ['ORDER', 'PAYMENT', 'SHIPPING', 'TRACKER', 'SANDBOX'].map((name) => [`${name}_PORT`, '0'])
  const environment = { ...testSettings, ...Object.fromEntries(ports), LOG_LEVEL: 'silent' }
  shop = await startEmbedded({ environment })
}, 120_000)
afterAll(() => shop?.stop())

const addressOf: AddressOf = (name) => shop.addresses[name] ?? ''
const person = { answer: '' }

/** Types this where the embedded shop is found. */
function type(line: readonly string[], reader?: typeof person) {
  const owner = identify(process.pid) as ProcessId
  const running: RunningShop = {
    ...{ owner, mode: 'embedded', services: {}, ownsBroker: false },
    addresses: shop.addresses,
  }
  return on.type(line, reader, { addressOf, runningShop: () => running })
}

/** Places an order that ends; resolves with its id once the tracker knows the ending. */
async function ended(...words: readonly string[]): Promise<string> {
  const { code, values } = await type(['orders', 'place', '--wait', ...words])
  expect(code).toBe(0)
  const id = String(values[0]?.order)
  await eventually(async () => expect((await type(['sagas', 'list', '--id', id])).values).toHaveLength(1))
  // Of one saga, it ends when the saga has.
  expect((await type(['sagas', 'tail', id])).values.at(-1)).toMatchObject({ sagaId: id, state: 'ended' })
  return id
}

describe('sagas', () => {
  test('list finds them by how they ended, and show tells one by any id in it', async () => {
    const delivered = await ended()
    const declined = await ended('--payment-token', 'tok_declined')
    const listed = await type(['sagas', 'list', '--ending', 'declined'])
    expect(listed).toMatchObject({ code: 0, values: [{ sagaId: declined, ending: 'declined' }] })
    expect((await type(['sagas', 'list', '--newest', '--limit', '1'])).values).toMatchObject([
      { sagaId: declined },
    ])
    const table = (await type(['sagas', 'list', '--id', delivered], person)).out
    expect(table[0]).toMatch(/^saga +state +age +parts +why$/)
    expect(table[1]).toContain(`${delivered}  delivered`)

    const { values } = await type(['sagas', 'show', delivered])
    const trackingId = (
      values[0] as { timeline: { emitted: { data: { shipmentId?: string } }[] }[] }
    ).timeline
      .flatMap(({ emitted }) => emitted.flatMap(({ data }) => data.shipmentId ?? []))
      .at(0)
    const page = (await type(['sagas', 'show', trackingId ?? ''], person)).out.join('\n')
    expect(page).toContain(`saga      ${delivered}`)
    expect(page).toMatch(/shipping +OrderPaid +– → \w+/)
  })

  test('show and tail refuse what is no saga', async () => {
    for (const command of ['show', 'tail'])
      expect(await type(['sagas', command, 'nothing'])).toMatchObject({
        code: 1,
        err: expect.stringContaining('nothing'),
      })
  })

  test('need a tracker, and say so when it does not answer', async () => {
    const { code, err } = await on.type(['sagas', 'list'], undefined, {
      addressOf: () => 'http://127.0.0.1:9',
    })
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(/✗ The tracker[\s\S]*Fix: npm start/),
    })
  })
})

test('topology tells who says and hears what, with nothing undeclared; lag tells who is behind', async () => {
  await ended()
  const { code, values, err } = await type(['topology'])
  expect({ code, err }).toEqual({ code: 0, err: '4 services, 6 topics' })
  expect(values).toContainEqual(
    expect.objectContaining({ from: 'order.events', to: 'shipping', kind: 'declared' }),
  )
  const lag = await type(['lag', '--all'])
  expect(lag.err).toMatch(/records behind in \d+ groups/)
})

describe('orders', () => {
  test('demo plays the ways of an order to their endings', async () => {
    const { code, values } = await type(['orders', 'demo'])
    expect(code).toBe(0)
    expect(values.map(({ scenario }) => scenario).sort()).toEqual([
      'declined',
      'delivered',
      'refused',
      'silent',
    ])
  })

  test('fail lists what can go wrong, plays it, and says where to look', async () => {
    const list = await type(['orders', 'fail'])
    expect(list).toMatchObject({ code: 0, err: 'Next: npm run demo -- <scenario>' })
    expect(list.values.length).toBeGreaterThan(7)
    const played = await type(['orders', 'fail', 'payment-declined'])
    expect(played).toMatchObject({ code: 0, values: [{ scenario: 'payment-declined', ok: true }] })
    expect(played.err).toContain(`./chorus sagas show ${played.values[0]?.order}`)
  })

  test.each(['poison', 'consumer-down', 'broker-restart'])(
    'fail %s says plainly that it cannot be played on a shop in one process',
    async (scenario) => {
      const { code, err } = await type(['orders', 'fail', scenario])
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/✗ This scenario[\s\S]*Fix:/) })
    },
  )

  test('place says why the API refuses', async () => {
    const { code, err } = await type(['orders', 'place', '--postcode', ''])
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^✗ .*postcode/) })
    expect(err).not.toContain('    at ')
  })
})
