import { contracts } from '#contracts'
import { controlMessage } from '#orchestration'
import type { Random } from '#orchestration/simulation'
import { topState } from '../../services/cast.ts'
import { isDelivery } from '../../services/sandbox/ledger.ts'
import { perform, type Sandbox } from '../../services/sandbox/operation.ts'
import { refund } from '../../services/sandbox/payment-provider.ts'
import type { Name } from '../invariants/evidence.ts'
import type { Path } from './paths.ts'
import type { Shop } from './shop.ts'

/** Milliseconds that people take at most. */
const soon = { strays: 1_000, person: 3_000, operator: 5_000 }

/** After how many steps a person speaks though nobody has asked. */
const strays = 0.02

/** What a person may say to a participant. */
const signals: Readonly<Record<Name, readonly string[]>> = {
  order: [],
  payment: ['RetryRefund', 'ConfirmRefund', 'WriteOffRefund'],
  shipping: ['RetryRecall', 'ConfirmDelivery', 'ConfirmRecall'],
}

/** People look into every compensation that stays refused, and say what they have found. */
export function lookAfter(shop: Shop, random: Random): void {
  const { world, sandbox } = shop
  let said = 0

  function signal(type: string, orderId: string, data: Readonly<Record<string, unknown>> = {}): void {
    const id = `${type} ${++said}`
    for (let times = random.between(1, 2); times > 0; times--)
      shop.say(type, orderId, { reason: 'somebody looked into it', ...data }, id)
  }

  const decisions: Readonly<Record<string, readonly ((orderId: string) => void)[]>> = {
    refundStuck: [
      (orderId) => signal('WriteOffRefund', orderId),
      (orderId) =>
        void refundByHand(sandbox, orderId).then((refundId) =>
          signal('ConfirmRefund', orderId, { refundId, paymentId: 'as told' }),
        ),
      (orderId) => {
        sandbox.behaviour.payment.settled = true
        signal('RetryRefund', orderId)
      },
    ],
    recallStuck: [
      (orderId) => {
        const parcel = sandbox.ledger.entriesOf(orderId).find(isDelivery)?.answer
        if (!parcel) return signal('ConfirmRecall', orderId)
        const { shipmentId, trackingNumber } = parcel
        signal('ConfirmDelivery', orderId, { shipmentId, trackingNumber })
      },
      (orderId) => {
        sandbox.behaviour.carrier.settled = true
        signal('RetryRecall', orderId)
      },
    ],
  }
  /** Whoever has decided once about an order says the same again: two decisions at once would contradict each other. */
  const decided = new Map<string, (orderId: string) => void>()

  shop.onRow((_, { state, sagaId, outcome }) => {
    const choices = state && outcome === 'applied' ? decisions[topState(state.value)] : undefined
    if (!choices) return
    const decision = decided.get(sagaId) ?? random.pick(choices)
    decided.set(sagaId, decision)
    const ms = random.between(1, soon.person)
    world.scheduler.after(ms, `a person looks at ${sagaId}`, () => decision(sagaId))
  })
}

/** People also speak when nobody waits for them. Where somebody may be waited for, they only ask for another attempt: that is never wrong. */
export function interfere(shop: Shop, random: Random, pathOf: (orderId: string) => Path | undefined): void {
  const data = { reason: 'a mistake', refundId: 'none', shipmentId: 'none', trackingNumber: 'none' }
  let said = 0

  function speak(name: Name, orderId: string): void {
    const [retry, ...others] = signals[name]
    const type = random.pick([retry, ...(pathOf(orderId)?.needsPerson ? [] : others)])
    if (type) shop.say(type, orderId, fieldsOf(type, data), `stray ${++said}`)
  }

  shop.onRow((name, { state, sagaId }) => {
    if (state?.status !== 'active' || !random.chance(strays)) return
    const ms = random.between(0, soon.strays)
    shop.world.scheduler.after(ms, `a person speaks of ${sagaId}`, () => speak(name, sagaId))
  })
}

/** A contract takes no other fields than its own. */
function fieldsOf(type: string, data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { fields } = contracts.events[type as keyof typeof contracts.events].schema
  return Object.fromEntries(fields.flatMap(({ name }) => (name in data ? [[name, data[name]]] : [])))
}

/** The provider gives in to somebody who has called. */
async function refundByHand(sandbox: Sandbox, orderId: string): Promise<unknown> {
  const behaviour = {
    payment: { ...sandbox.behaviour.payment, settled: true, outage: false },
    carrier: sandbox.behaviour.carrier,
  }
  const call = { idempotencyKey: `by hand ${orderId}`, body: { orderId } }
  const answer = await perform(refund, call, { ...sandbox, behaviour })
  return typeof answer === 'object' ? answer.refundId : undefined
}

/** Operators discard what nobody can read, so that its saga goes on. */
export function discardWhatHolds({ onRow, sayRaw, world }: Shop, random: Random): void {
  onRow((name, { _id, sagaId, held }) => {
    if (!held) return
    const control = {
      id: `discard ${name} ${_id}`,
      command: 'discard',
      by: 'operator',
      reason: 'garbled',
      row: _id,
    } as const
    world.scheduler.after(random.between(100, soon.operator), `an operator discards ${_id}`, () =>
      sayRaw(controlMessage(name, sagaId, control)),
    )
  })
}
