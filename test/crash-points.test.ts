import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { bugs } from './crash-bugs.fixtures.ts'
import { people } from './crash-people.fixtures.ts'
import { explore, type Path, type Played } from './crash-points.fixtures.ts'
import { acts, moments } from './crash-processes.fixtures.ts'

const delivered: Path = {
  name: 'delivered',
  paymentToken: 'tok_ok',
  postcode: '10115',
  ending: 'delivered',
}

const refundStuck = { paymentToken: 'tok_refund_refused', postcode: '00000' }
const recallStuck = { paymentToken: 'tok_ok', postcode: '00004' }

const paths: readonly Path[] = [
  delivered,
  { ...delivered, name: 'declined', paymentToken: 'tok_declined', ending: 'declined' },
  { ...delivered, name: 'shipment refused', postcode: '00000', ending: 'cancelled' },
  { ...delivered, name: 'payment silent', paymentToken: 'tok_silent', ending: 'cancelled' },
  {
    ...delivered,
    name: 'customer cancels while paying',
    paymentToken: 'tok_slow',
    cancels: true,
    ending: 'cancelled',
  },
  {
    ...delivered,
    name: 'refund fails at first',
    paymentToken: 'tok_refund_error_once',
    postcode: '00000',
    ending: 'cancelled',
  },
  {
    ...delivered,
    name: 'capture charges and does not answer',
    paymentToken: 'tok_timeout_after_charge',
  },
  {
    ...refundStuck,
    name: 'refund refused, then asked for again',
    person: people.retriesRefund,
    ending: 'cancelled',
  },
  {
    ...refundStuck,
    name: 'refund refused, then given back by hand',
    person: people.refundsByHand,
    from: 'person',
    ending: 'cancelled',
  },
  {
    ...refundStuck,
    name: 'refund refused, then written off',
    person: people.writesRefundOff,
    from: 'person',
    ending: 'writtenOff',
  },
  {
    ...recallStuck,
    name: 'recall refused, then asked for again',
    person: people.retriesRecall,
    ending: 'delivered',
  },
  {
    ...recallStuck,
    name: 'recall refused, and a person finds the parcel delivered',
    person: people.findsParcelThere,
    from: 'person',
    ending: 'delivered',
  },
  {
    ...recallStuck,
    name: 'recall refused, and a person finds the parcel never left',
    postcode: '00003',
    person: people.findsParcelHere,
    from: 'person',
    ending: 'cancelled',
  },
]

// Back-off without jitter, so that every run of a path comes by the same points.
beforeAll(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterAll(() => {
  jest.restoreAllMocks()
})

describe('wherever a process dies', () => {
  const explored = new Map<string, Played>()

  afterAll(() => {
    const all = [...explored.values()]
    const points = all.flatMap((played) => played.points).length
    const deaths = all.reduce((sum, played) => sum + played.deaths, 0)
    const violations = all.flatMap((played) => played.violations).length
    process.stdout.write(
      `${points} crash points on ${all.length} paths, ${deaths} deaths: ${violations} violations\n`,
    )
  })

  test.each(paths)(
    'on the path "$name", its ending is reached as if it had lived',
    async (path) => {
      const played = await explore(path)
      explored.set(path.name, played)
      expect(played.violations).toEqual([])
    },
    120_000,
  )

  test('was tried before and after every act of every participant', () => {
    const tried = new Set(
      [...explored.values()]
        .flatMap((played) => played.points)
        .map(({ participant, moment, act }) => `${participant} ${moment} ${act}`),
    )
    const workers = ['payment', 'shipping']
    const places = [...workers, 'order'].flatMap((participant) =>
      moments.flatMap((moment) =>
        acts
          // The order calls nobody.
          .filter((act) => workers.includes(participant) || (act !== 'effect' && act !== 'answer'))
          .map((act) => `${participant} ${moment} ${act}`),
      ),
    )
    expect([...tried].sort()).toEqual(places.sort())
  })
})

test.each(bugs)(
  '$name is found, and only because somebody dies',
  async (bug) => {
    const { violations } = await explore(delivered, { bug, enough: 1 })
    expect(violations[0]).toMatch(/^delivered, \w+ dies (before|after) /)
  },
  60_000,
)
