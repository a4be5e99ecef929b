import type { Random } from '#orchestration/simulation'
import { paths as chaosPaths, endingsOf } from '../chaos/paths.ts'

/** A way that an order may take, as the customer and the companies outside choose it. */
export type Path = {
  readonly name: string
  /** Of all orders, so many parts are meant to go this way. */
  readonly share: number
  readonly paymentToken: string
  readonly postcode: string
  readonly cancels?: true
  /** It may come to a stop that only a person ends. */
  readonly needsPerson?: true
  /** Every outcome that it may have under faults, and by what people decide. */
  readonly endings: readonly string[]
}

/** Compensations that stay refused until a person has looked into it. */
const stuck: readonly Path[] = [
  {
    name: 'refund refused',
    share: 6,
    paymentToken: 'tok_refund_refused',
    postcode: '00000',
    needsPerson: true,
    endings: ['cancelled', 'declined', 'writtenOff'],
  },
  {
    name: 'parcel lost, recall refused',
    share: 4,
    paymentToken: 'tok_ok',
    postcode: '00003',
    needsPerson: true,
    endings: ['cancelled', 'declined'],
  },
  {
    name: 'parcel on its way, recall refused',
    share: 4,
    paymentToken: 'tok_ok',
    postcode: '00004',
    needsPerson: true,
    endings: ['delivered', 'cancelled', 'declined'],
  },
]

const paths: readonly Path[] = [
  ...chaosPaths.map((path) => ({ ...path, endings: endingsOf(path) })),
  ...stuck,
]

const all = paths.reduce((sum, { share }) => sum + share, 0)

export function drawPath(random: Random): Path {
  let rest = random.next() * all
  for (const path of paths) {
    rest -= path.share
    if (rest < 0) return path
  }
  return random.pick(paths)
}
