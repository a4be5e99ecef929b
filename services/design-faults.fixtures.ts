import { type AnyStateMachine, assign, createMachine, emit } from 'xstate'
import { contracts } from '#contracts'
import { type Cast, participant } from '#orchestration'
import { cast } from './cast.ts'
import type { Provided } from './outside.ts'

/** A mistake in a machine, or in what the cast promises, as people make it. */
export type DesignFault = {
  readonly name: string
  /** Whose machine it is in. */
  readonly machine?: 'order' | 'payment' | 'shipping'
  /** By path from the name of a state: what stands there instead, `undefined` for nothing at all. */
  readonly edit?: Readonly<Record<string, unknown>>
  readonly outcomes?: Cast['outcomes']
  /** A call to the outside that goes otherwise. */
  readonly calls?: Cast<Provided>['outside']['calls']
  /** Events that are said twice: without any, a check is four times as fast. */
  readonly repeats?: number
  /** Part of the sentence that has to be found. */
  readonly finds: string
}

/** Each is one line of a machine away from the shop as it is. */
export const designFaults: readonly DesignFault[] = [
  {
    name: 'a time-out is missing: a refused refund is never asked for again',
    machine: 'payment',
    edit: { 'refundRefused.after': undefined },
    finds: 'payment waits in "refundRefused"',
  },
  {
    name: 'a refund is forgotten: the order is cancelled, and payment is not told',
    machine: 'order',
    edit: { 'shipping.on.ShipmentRefused': 'cancelled' },
    finds: 'payment is captured',
  },
  {
    name: 'a late event is dropped: payment does not listen for a cancellation once it has captured',
    machine: 'payment',
    edit: { 'captured.on.OrderCancelled': undefined },
    finds: 'payment waits in "captured"',
  },
  {
    name: 'a compensation races: a cancellation during the capture is noticed and forgotten',
    machine: 'payment',
    edit: { 'capturing.states.wanted.on.OrderCancelled': {} },
    finds: 'payment waits in "captured"',
  },
  {
    name: 'whoever holds the money is final: payment is done with the capture',
    machine: 'payment',
    edit: { captured: { type: 'final' } },
    finds: 'payment is final in "captured" when OrderCancelled comes',
  },
  {
    name: 'an event is forgotten: a recall that worked is not told',
    machine: 'shipping',
    edit: { 'recalling.invoke.onDone.1.actions': [] },
    finds: 'order waits in "shipping"',
  },
  {
    name: 'goods go out unpaid: shipping is asked as soon as the order is placed',
    machine: 'order',
    edit: {
      'paying.entry': emit(({ context }) => ({
        type: 'OrderPaid',
        orderId: context.orderId,
        items: [],
        shipTo: {},
      })),
    },
    finds: 'shipped only when paid',
  },
  {
    name: 'a customer may cancel when the parcel is on its way',
    machine: 'order',
    edit: { 'shipping.on.CancelOrder': 'cancelling' },
    finds: 'never delivered and refunded',
  },
  {
    name: 'no answer from the carrier is taken for a refusal',
    machine: 'shipping',
    edit: {
      'delivering.invoke.onError': {
        target: 'refused',
        actions: emit(({ context }) => ({
          type: 'ShipmentRefused',
          orderId: context.orderId,
          reason: 'no answer',
        })),
      },
    },
    finds: 'costs nothing',
  },
  {
    name: 'no answer from the provider is taken for a refusal',
    machine: 'payment',
    edit: {
      'capturing.invoke.onError': {
        target: 'declined',
        actions: emit(({ context }) => ({
          type: 'PaymentDeclined',
          orderId: context.orderId,
          reason: 'no answer',
        })),
      },
    },
    finds: 'costs nothing',
  },
  {
    name: 'events cross: an order that is being cancelled does not listen for a refusal of the payment',
    machine: 'order',
    edit: { 'cancelling.on.PaymentDeclined': undefined },
    finds: 'order waits in "cancelling"',
  },
  {
    name: 'events cross: an order that is being cancelled does not listen for a release of the payment',
    machine: 'order',
    edit: { 'cancelling.on.PaymentReleased': undefined },
    finds: 'order waits in "cancelling"',
  },
  {
    name: 'an order ends before payment has given the money back',
    machine: 'order',
    edit: { 'cancelling.always': 'cancelled' },
    finds: 'an order ends as cancelled only when payment owes nothing',
  },
  {
    name: 'a person is waited for, and has no way to answer',
    machine: 'payment',
    edit: { 'refundStuck.on': { OrderCancelled: {} } },
    finds: 'payment waits in "refundStuck" for OrderCancelled,',
  },
  {
    name: 'payment waits for the delivery for ever: it does not listen for it',
    machine: 'payment',
    edit: { 'captured.on.OrderDelivered': undefined },
    finds: 'payment waits in "captured"',
  },
  {
    name: 'an order said twice is charged twice',
    machine: 'payment',
    edit: { 'captured.on.OrderPlaced': 'capturing' },
    repeats: 1,
    finds: 'no money is captured twice',
  },
  {
    name: 'a field is forgotten: the parcel is not kept, and its delivery throws',
    machine: 'shipping',
    edit: { 'new.on.OrderPaid.actions': assign({}) },
    finds: 'has nothing to send',
  },
  {
    name: 'dead code: a state that nothing leads to',
    machine: 'shipping',
    edit: { returned: { on: { OrderPaid: 'refused' } } },
    finds: 'no order of events takes the transition "returned · OrderPaid"',
  },
  {
    name: 'a word is never said: nobody tells payment that the order was delivered',
    machine: 'order',
    edit: { 'shipping.on.ShipmentDelivered': 'delivered' },
    finds: 'payment waits for OrderDelivered, which nobody ever says',
  },
  {
    name: 'the provider takes money for an order after it was asked to give it back',
    calls: {
      refundPayment: (world) =>
        world.captures > 0
          ? [{ world: { ...world, refunds: 1 }, done: { status: 'refunded' } }]
          : [{ world, done: { status: 'released' } }],
    },
    finds: 'costs nothing',
  },
  {
    name: 'an outcome is promised that cannot happen',
    outcomes: { lost: { order: ['delivered'], payment: ['settled'], shipping: ['refused'] } },
    finds: 'nothing that can happen ends as "lost"',
  },
  {
    name: 'a typing error in the name of an event',
    machine: 'order',
    edit: { 'paying.on.PaymentCapturd': 'shipping' },
    finds: 'no contract declares',
  },
]

/** The cast as it is in the tests of faults: a hundred times smaller, because no operator says anything unasked. */
export const quietCast: Cast<Provided> = {
  ...cast,
  repeats: 0,
  sayings: cast.sayings.filter(({ times }) => times !== 'whenever'),
}

/** A cast with a fault in it. Throws what `participant` says of a machine that it refuses. */
export function castWith(
  { machine, edit = {}, outcomes = {}, calls = {}, repeats = 0 }: DesignFault,
  cast = quietCast,
): Cast<Provided> {
  const members = cast.members.map((member) => {
    const { name, version, effects, input } = member.part
    if (name !== machine) return member
    const faulty = edited(member.part.machine, edit)
    return {
      ...member,
      part: participant({ name, version, machine: faulty, effects: effects as never, contracts, input }),
    }
  })
  const outside = { ...cast.outside, calls: { ...cast.outside.calls, ...calls } }
  return { ...cast, members, outside, repeats, outcomes: { ...cast.outcomes, ...outcomes } }
}

function edited(machine: AnyStateMachine, edit: NonNullable<DesignFault['edit']>): AnyStateMachine {
  const config = copied(machine.config) as Node
  for (const [path, value] of Object.entries(edit)) put(config, `states.${path}`, value)
  return createMachine(config as never, machine.implementations as never)
}

type Node = Record<string, unknown>

function put(config: Node, path: string, value: unknown): void {
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce((node, key) => {
    node[key] ??= {}
    return node[key] as Node
  }, config)
  if (value === undefined) delete parent[last]
  else parent[last] = value
}

/** Functions and built-in actions are shared: they hold nothing. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, copied(field)]))
}
