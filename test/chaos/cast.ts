import type { ServiceName } from '../../scripts/shop/shop.ts'

/** An instance of a service: its id tells it from the others. */
export type Role = { readonly id: string; readonly service: ServiceName; readonly spare?: true }

/** The services that are participants of the saga, each with several instances. */
export const participants = ['order', 'payment', 'shipping'] as const

/** Two instances of each participant, and a spare one that only joins for a while. */
export const roles: readonly Role[] = [
  { id: 'sandbox', service: 'sandbox' },
  { id: 'tracker', service: 'tracker' },
  ...participants.flatMap((service): Role[] => [
    { id: `${service}-1`, service },
    { id: `${service}-2`, service },
    { id: `${service}-3`, service, spare: true },
  ]),
]

/** The instances that run from the beginning, without those that have nothing to do with Kafka. */
export const regulars: readonly Role[] = roles.filter(
  ({ service, spare }) => !spare && participants.some((name) => name === service),
)

export const spares: readonly Role[] = roles.filter(({ spare }) => spare)

/** What an instance reaches over the network, each through a proxy of its own. */
export function partnersOf({ service }: Role): readonly ('kafka' | 'registry' | 'store' | 'sandbox')[] {
  if (service === 'sandbox') return []
  const servers = ['kafka', 'registry', 'store'] as const
  return service === 'payment' || service === 'shipping' ? [...servers, 'sandbox'] : servers
}

export const linkId = (role: Role, partner: string): string => `${role.id}/${partner}`
