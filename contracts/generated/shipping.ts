// Made from the .avsc files by `npm run contracts:generate`. Do not edit.
import type { EventContract } from '../schema.ts'

/** The carrier delivered the parcel. */
export type ShipmentDelivered = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The carrier's id of the shipment. */
  readonly shipmentId: string
  /** The number with which the customer follows the parcel. */
  readonly trackingNumber: string
}

/** The carrier will not deliver this order; nothing was sent. */
export type ShipmentRefused = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, e.g. no stock. */
  readonly reason: string
}

/** What `shipping.events` carries, as a machine sees it. */
export type ShippingEvent =
  | ({ readonly type: 'ShipmentDelivered' } & ShipmentDelivered)
  | ({ readonly type: 'ShipmentRefused' } & ShipmentRefused)

export const shippingContracts = {
  ShipmentDelivered: {
    "type": "ShipmentDelivered",
    "owner": "shipping",
    "topic": "shipping.events",
    "subject": "shipping.events-chorus.shipping.ShipmentDelivered",
    "schema": {
      "type": "record",
      "name": "ShipmentDelivered",
      "namespace": "chorus.shipping",
      "topic": "shipping.events",
      "doc": "The carrier delivered the parcel.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "shipmentId",
          "type": "string",
          "doc": "The carrier's id of the shipment."
        },
        {
          "name": "trackingNumber",
          "type": "string",
          "doc": "The number with which the customer follows the parcel."
        }
      ]
    }
  },
  ShipmentRefused: {
    "type": "ShipmentRefused",
    "owner": "shipping",
    "topic": "shipping.events",
    "subject": "shipping.events-chorus.shipping.ShipmentRefused",
    "schema": {
      "type": "record",
      "name": "ShipmentRefused",
      "namespace": "chorus.shipping",
      "topic": "shipping.events",
      "doc": "The carrier will not deliver this order; nothing was sent.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, e.g. no stock."
        }
      ]
    }
  },
} satisfies Record<string, EventContract>
