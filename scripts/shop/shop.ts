import type { Environment, Infrastructure } from '#orchestration'

/** The deployables, in the order in which they are started. */
export const serviceNames = ['sandbox', 'order', 'payment', 'shipping', 'tracker'] as const
export type ServiceName = (typeof serviceNames)[number]

/** The whole shop, running and ready. */
export type Shop = {
  /** Base URL of each service that runs. */
  readonly addresses: Readonly<Partial<Record<ServiceName, string>>>
  /** What the services stand on, for watching them from outside. */
  readonly infrastructure: Infrastructure
  /** An orderly stop of every service. The servers below stay. */
  stop(): Promise<void>
}

export type ShopOptions = {
  /** Base settings of every service: addresses of the servers, ports, patience. */
  readonly environment: Environment
  /** Every order reaches its ending without the tracker. Default: with it. */
  readonly withTracker?: boolean
}

/** Settings with which the four demonstration orders end within seconds; what the environment says wins. Milliseconds. */
export const demonstrationSettings = {
  ORDER_PAYMENT_PATIENCE: '4000',
  PAYMENT_CALL_TIMEOUT: '2000',
  PAYMENT_CAPTURE_DEADLINE: '6000',
  PAYMENT_REFUND_PAUSE: '2000',
  SHIPPING_CALL_TIMEOUT: '3000',
  SHIPPING_RECALL_PAUSE: '2000',
} as const
