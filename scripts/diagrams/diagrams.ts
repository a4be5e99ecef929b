import { participants } from '../../services/cast.ts'
import { amount, placeOrderCommand } from '../shop/example-order.ts'
import { conversation, type Outside } from './conversation.ts'
import { stateDiagram } from './state-diagram.ts'

const command = placeOrderCommand('an order')

const captured = { answers: 'capturePayment', with: { status: 'captured', paymentId: 'p' } } as const
const refund = { paymentId: 'p', refundId: 'r', amount, currency: 'EUR' }

const notDelivered = [
  captured,
  { answers: 'deliverParcel', with: { status: 'refused', reason: 'out of stock' } },
] as const
const refusal = { fails: 'refundPayment', why: 'refused' } as const

/** The four orders of `npm start`, by name, and one that needs a person: what the outside does to each. */
const ways: Readonly<Record<string, { readonly title: string; readonly outside: readonly Outside[] }>> = {
  delivered: {
    title: 'Delivered',
    outside: [
      captured,
      { answers: 'deliverParcel', with: { status: 'delivered', shipmentId: 's', trackingNumber: 't' } },
    ],
  },
  declined: {
    title: 'The payment is declined',
    outside: [{ answers: 'capturePayment', with: { status: 'declined', reason: 'insufficient funds' } }],
  },
  refused: {
    title: 'The carrier refuses, so the payment is refunded',
    outside: [...notDelivered, { answers: 'refundPayment', with: { status: 'refunded', ...refund } }],
  },
  silent: {
    title: 'The payment provider never answers, so the order times out',
    outside: [
      { elapses: 'paymentPatience' },
      { fails: 'capturePayment', why: 'the deadline has passed' },
      { answers: 'refundPayment', with: { status: 'released' } },
    ],
  },
  stuck: {
    title: 'The refund stays refused, so a person gives the money back by hand',
    outside: [
      ...notDelivered,
      refusal,
      { elapses: 'refundPause' },
      refusal,
      {
        operatorSays: {
          type: 'ConfirmRefund',
          orderId: command.orderId,
          refundId: 'by hand',
          reason: 'transferred',
        },
      },
    ],
  },
}

const made = 'Made from the machines by `scripts/diagrams-generate.ts`. Do not edit.'

/** Every diagram, by the name under which a page may embed it. */
export function diagrams(): ReadonlyMap<string, string> {
  const states = Object.entries(participants).map(([name, machine]) => [name, stateDiagram(machine)] as const)
  const conversations = Object.entries(ways).map(
    ([name, { outside }]) => [name, conversation({ ...command, type: 'PlaceOrder' }, outside)] as const,
  )
  return new Map([...states, ...conversations].map(([name, diagram]) => [name, fenced(diagram)]))
}

/** The pages of `docs/diagrams`, by file name. */
export function pages(): ReadonlyMap<string, string> {
  const all = diagrams()
  const section = (title: string, name: string) => `## ${title}\n\n${all.get(name)}\n`
  const machines = Object.keys(participants).map((name) =>
    section(`[${name}](../../services/${name}/README.md)`, name),
  )
  const conversations = Object.entries(ways).map(([name, { title }]) => section(title, name))
  return new Map([
    ['machines.md', `# The machines\n\n${made}\n\n${machines.join('\n')}`],
    [
      'conversations.md',
      `# Who says what to whom\n\n${made} Each is one order, played on the three machines alone.\n\n${conversations.join('\n')}`,
    ],
  ])
}

/** The page with every `<!-- diagram:name -->` section filled anew. Throws for a name that no diagram has. */
export function withDiagrams(page: string): string {
  const all = diagrams()
  return page.replaceAll(
    /(<!-- diagram:(\w+) -->)[\s\S]*?(<!-- \/diagram -->)/g,
    (_, opening: string, name: string, closing: string) => {
      const diagram = all.get(name)
      if (!diagram) throw new Error(`there is no diagram "${name}"`)
      return `${opening}\n\n${diagram}\n\n${closing}`
    },
  )
}

function fenced(diagram: string): string {
  return `\`\`\`mermaid\n${diagram}\n\`\`\``
}
