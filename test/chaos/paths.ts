import type { Random } from '#orchestration/simulation'

/** A way that an order may take, as the customer and the companies outside choose it. */
export type Path = {
  readonly name: string
  /** Of 100 orders, so many are meant to go this way. */
  readonly share: number
  readonly paymentToken: string
  readonly postcode: string
  /** The customer cancels right after the order was accepted. */
  readonly cancels?: true
  /** How it ends when no fault hits it. */
  readonly ending: 'delivered' | 'declined' | 'cancelled'
}

const home = '10115'
const nowhere = '00000'
const good = { paymentToken: 'tok_ok', postcode: home, ending: 'delivered' } as const

/** The straight way: its orders tell how fast the shop is. */
export const straight: Path = { ...good, name: 'delivered', share: 54 }

const silent: Path = {
  ...good,
  name: 'payment silent',
  share: 3,
  paymentToken: 'tok_silent',
  ending: 'cancelled',
}

export const paths: readonly Path[] = [
  straight,
  { ...good, name: 'declined', share: 6, paymentToken: 'tok_declined', ending: 'declined' },
  { ...good, name: 'refused by the carrier', share: 6, postcode: nowhere, ending: 'cancelled' },
  silent,
  { ...good, name: 'payment fails once', share: 4, paymentToken: 'tok_error_once' },
  { ...good, name: 'time-out after the charge', share: 4, paymentToken: 'tok_timeout_after_charge' },
  { ...good, name: 'payment slow', share: 4, paymentToken: 'tok_slow' },
  {
    name: 'refund fails once',
    share: 4,
    paymentToken: 'tok_refund_error_once',
    postcode: nowhere,
    ending: 'cancelled',
  },
  { ...good, name: 'carrier fails once', share: 4, postcode: '00001' },
  { ...good, name: 'carrier slow', share: 4, postcode: '00002' },
  { ...good, name: 'cancelled by the customer', share: 7, cancels: true, ending: 'cancelled' },
]

/**
 * Under faults a good order may become a late one, which is cancelled, or declined when payment's own deadline passes while the order
 * service is away; and a cancellation may come too late.
 */
export function endingsOf({ ending, cancels }: Path): readonly string[] {
  return [...new Set([ending, 'cancelled', 'declined', ...(cancels ? ['delivered'] : [])])]
}

/** Seconds before the last order in which none is silent: those take a whole patience, and everybody would wait for them. */
const lastSilence = 20

/** The way of each order, in their order: the shares hold for every hundred, so that short runs take every way too. */
export function pathsOf({ orders, rate }: { orders: number; rate: number }, random: Random): Path[] {
  const hundred = paths.flatMap((path) => Array.from({ length: path.share }, () => path))
  const rounds = Math.ceil(orders / hundred.length)
  return Array.from({ length: rounds }, () => random.shuffled(hundred))
    .flat()
    .slice(0, orders)
    .map((path, index) => (path === silent && index > orders - lastSilence * rate ? straight : path))
}
