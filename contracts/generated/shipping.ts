// Made from the .avsc files by `npm run contracts:generate`. Do not edit.
import type { EventContract } from '../schema.ts'

/** A person has found out that the parcel was delivered. Ignored unless shipping waits for a person. */
export type ConfirmDelivery = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The carrier's id of the shipment. */
  readonly shipmentId: string
  /** The number with which the customer follows the parcel. */
  readonly trackingNumber: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

/** A person has found out, or seen to it, that the parcel is not and will not be on its way. Ignored unless shipping waits for a person. */
export type ConfirmRecall = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

/** A person has the carrier asked again for a recall that it keeps refusing. Ignored unless shipping waits for a person. */
export type RetryRecall = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

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

/** What `shipping.control` carries, as a machine sees it. */
export type ShippingControl =
  | ({ readonly type: 'ConfirmDelivery' } & ConfirmDelivery)
  | ({ readonly type: 'ConfirmRecall' } & ConfirmRecall)
  | ({ readonly type: 'RetryRecall' } & RetryRecall)

/** What `shipping.events` carries, as a machine sees it. */
export type ShippingEvent =
  | ({ readonly type: 'ShipmentDelivered' } & ShipmentDelivered)
  | ({ readonly type: 'ShipmentRefused' } & ShipmentRefused)

export const shippingContracts = {
  ConfirmDelivery: {
    "type": "ConfirmDelivery",
    "owner": "shipping",
    "topic": "shipping.control",
    "subject": "shipping.control-chorus.shipping.ConfirmDelivery",
    "schema": {
      "type": "record",
      "name": "ConfirmDelivery",
      "namespace": "chorus.shipping",
      "topic": "shipping.control",
      "doc": "A person has found out that the parcel was delivered. Ignored unless shipping waits for a person.",
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
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever decides."
        }
      ]
    }
  },
  ConfirmRecall: {
    "type": "ConfirmRecall",
    "owner": "shipping",
    "topic": "shipping.control",
    "subject": "shipping.control-chorus.shipping.ConfirmRecall",
    "schema": {
      "type": "record",
      "name": "ConfirmRecall",
      "namespace": "chorus.shipping",
      "topic": "shipping.control",
      "doc": "A person has found out, or seen to it, that the parcel is not and will not be on its way. Ignored unless shipping waits for a person.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever decides."
        }
      ]
    }
  },
  RetryRecall: {
    "type": "RetryRecall",
    "owner": "shipping",
    "topic": "shipping.control",
    "subject": "shipping.control-chorus.shipping.RetryRecall",
    "schema": {
      "type": "record",
      "name": "RetryRecall",
      "namespace": "chorus.shipping",
      "topic": "shipping.control",
      "doc": "A person has the carrier asked again for a recall that it keeps refusing. Ignored unless shipping waits for a person.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever decides."
        }
      ]
    }
  },
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
