import { z } from 'zod'

/** How one call misbehaves, because of a magic value in it. */
export type Trouble = {
  /** Milliseconds before the call is looked at. */
  readonly delay?: number
  /** The first call of this kind for the order answers 500 and does nothing. */
  readonly failsFirst?: boolean
  /** `before` anything is done: no call is ever answered. `after`: the call does its work, but only a repeated one is answered. */
  readonly silent?: 'before' | 'after'
  /** Answers 422 until a person has `settled` it with the party. `before` anything is done, or `after` the call did its work. */
  readonly refused?: 'before' | 'after'
}

/** 1.5 s: slow, yet within the patience of a caller that waits 2 s. */
export const slow = 1_500

const captureTroubles: Readonly<Record<string, Trouble>> = {
  tok_error_once: { failsFirst: true },
  tok_silent: { silent: 'before' },
  tok_timeout_after_charge: { silent: 'after' },
  tok_slow: { delay: slow },
}

const shipmentTroubles: Readonly<Record<string, Trouble>> = {
  '00001': { failsFirst: true },
  '00002': { delay: slow },
  '00003': { refused: 'after' },
  '00004': { refused: 'after' },
}

const refundTroubles: Readonly<Record<string, Trouble>> = {
  tok_refund_error_once: { failsFirst: true },
  tok_refund_refused: { refused: 'before' },
}

const noTrouble: Trouble = {}

export function captureTrouble(paymentToken: string): Trouble {
  return captureTroubles[paymentToken] ?? noTrouble
}

/** `paymentToken` is the one that the order was charged to, if it was. */
export function refundTrouble(paymentToken: string | undefined): Trouble {
  return refundTroubles[paymentToken ?? ''] ?? noTrouble
}

export function shipmentTrouble(postcode: string): Trouble {
  return shipmentTroubles[postcode] ?? noTrouble
}

/** `postcode` is the one that the order was to be sent to, as far as the carrier was asked. A carrier that cannot say what became of a parcel cannot recall it. */
export function recallTrouble(postcode: string | undefined): Trouble {
  return shipmentTrouble(postcode ?? '').refused ? { refused: 'before' } : noTrouble
}

export type Party = 'payment' | 'carrier'

/** What `PUT /behaviour` takes: what is left out stays as it is. */
export const behaviourChange = z.strictObject({
  payment: partyChange().optional(),
  carrier: partyChange().optional(),
})

function partyChange() {
  return z.strictObject({
    /** Added to every call, in milliseconds. */
    latencyMs: z.int().min(0).max(600_000).optional(),
    /** Every call answers 503 and does nothing. */
    outage: z.boolean().optional(),
    /** A person has talked to the party: what a magic value had it refuse with 422, it does. */
    settled: z.boolean().optional(),
  })
}

/** How every call to a party goes at the moment. */
export type Behaviour = Record<Party, { latencyMs: number; outage: boolean; settled: boolean }>

export function usualBehaviour(): Behaviour {
  const usual = { latencyMs: 0, outage: false, settled: false }
  return { payment: { ...usual }, carrier: { ...usual } }
}

export function changeBehaviour(behaviour: Behaviour, change: z.infer<typeof behaviourChange>): void {
  Object.assign(behaviour.payment, change.payment)
  Object.assign(behaviour.carrier, change.carrier)
}
