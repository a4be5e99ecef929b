// Made from the .avsc files by `npm run contracts:generate`. Do not edit.
import type { EventContract } from '../schema.ts'

/** Asks for an order to be cancelled. Granted until the order is paid; ignored once it is with shipping or finished. */
export type CancelOrder = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, in the words of whoever asks. */
  readonly reason: string
}

/** The order will not be fulfilled. Whoever holds money for it gives it back. */
export type OrderCancelled = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why: the customer cancelled, payment did not answer in time, or shipping refused. */
  readonly reason: string
}

/** The parcel has arrived and the order is finished. */
export type OrderDelivered = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
}

/** One line of what has to be sent. Prices are no business of shipping. */
export type ParcelItem = {
  /** The article. */
  readonly sku: string
  /** Pieces to send, at least 1. */
  readonly quantity: number
}

/** Where a parcel goes. Everything in it is personal data. */
export type Address = {
  /** Who receives the parcel. Personal data. */
  readonly name: string
  /** Street and house number. Personal data. */
  readonly street: string
  /** Town. Personal data. */
  readonly city: string
  /** Postal code, as the country writes it. Personal data. */
  readonly postcode: string
  /** Country, ISO 3166-1 alpha-2. Personal data. */
  readonly country: string
}

/** The order service accepted the payment: the order may be sent. The only go-ahead for shipping. */
export type OrderPaid = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** What to send; at least one line. */
  readonly items: ReadonlyArray<ParcelItem>
  /** Where to send it. */
  readonly shipTo: Address
}

/** One line of an order. */
export type OrderItem = {
  /** The article. */
  readonly sku: string
  /** Pieces ordered, at least 1. */
  readonly quantity: number
  /** Price of one piece in minor units of the currency (cents). */
  readonly unitPrice: number
}

/** An order was opened and waits for its payment. */
export type OrderPlaced = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Who ordered. Personal data. */
  readonly customerId: string
  /** What was ordered; at least one line. */
  readonly items: ReadonlyArray<OrderItem>
  /** What the customer pays, in minor units of the currency (cents): the sum of quantity × unit price. */
  readonly amount: number
  /** Currency of amount and of every unit price, ISO 4217. */
  readonly currency: string
  /** The payment provider's token for the customer's means of payment; never a card number. Personal data. */
  readonly paymentToken: string
  /** Where to send it. */
  readonly shipTo: Address
}

/** Asks for an order to be opened. The order service answers with OrderPlaced. */
export type PlaceOrder = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Who ordered. Personal data. */
  readonly customerId: string
  /** What was ordered; at least one line. */
  readonly items: ReadonlyArray<OrderItem>
  /** What the customer pays, in minor units of the currency (cents): the sum of quantity × unit price. */
  readonly amount: number
  /** Currency of amount and of every unit price, ISO 4217. */
  readonly currency: string
  /** The payment provider's token for the customer's means of payment; never a card number. Personal data. */
  readonly paymentToken: string
  /** Where to send it. */
  readonly shipTo: Address
}

/** What `order.commands` carries, as a machine sees it. */
export type OrderCommand =
  | ({ readonly type: 'CancelOrder' } & CancelOrder)
  | ({ readonly type: 'PlaceOrder' } & PlaceOrder)

/** What `order.events` carries, as a machine sees it. */
export type OrderEvent =
  | ({ readonly type: 'OrderCancelled' } & OrderCancelled)
  | ({ readonly type: 'OrderDelivered' } & OrderDelivered)
  | ({ readonly type: 'OrderPaid' } & OrderPaid)
  | ({ readonly type: 'OrderPlaced' } & OrderPlaced)

export const orderContracts = {
  CancelOrder: {
    "type": "CancelOrder",
    "owner": "order",
    "topic": "order.commands",
    "subject": "order.commands-chorus.order.CancelOrder",
    "schema": {
      "type": "record",
      "name": "CancelOrder",
      "namespace": "chorus.order",
      "topic": "order.commands",
      "doc": "Asks for an order to be cancelled. Granted until the order is paid; ignored once it is with shipping or finished.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever asks."
        }
      ]
    }
  },
  OrderCancelled: {
    "type": "OrderCancelled",
    "owner": "order",
    "topic": "order.events",
    "subject": "order.events-chorus.order.OrderCancelled",
    "schema": {
      "type": "record",
      "name": "OrderCancelled",
      "namespace": "chorus.order",
      "topic": "order.events",
      "doc": "The order will not be fulfilled. Whoever holds money for it gives it back.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why: the customer cancelled, payment did not answer in time, or shipping refused."
        }
      ]
    }
  },
  OrderDelivered: {
    "type": "OrderDelivered",
    "owner": "order",
    "topic": "order.events",
    "subject": "order.events-chorus.order.OrderDelivered",
    "schema": {
      "type": "record",
      "name": "OrderDelivered",
      "namespace": "chorus.order",
      "topic": "order.events",
      "doc": "The parcel has arrived and the order is finished.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        }
      ]
    }
  },
  OrderPaid: {
    "type": "OrderPaid",
    "owner": "order",
    "topic": "order.events",
    "subject": "order.events-chorus.order.OrderPaid",
    "schema": {
      "type": "record",
      "name": "OrderPaid",
      "namespace": "chorus.order",
      "topic": "order.events",
      "doc": "The order service accepted the payment: the order may be sent. The only go-ahead for shipping.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "items",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "ParcelItem",
              "doc": "One line of what has to be sent. Prices are no business of shipping.",
              "fields": [
                {
                  "name": "sku",
                  "type": "string",
                  "doc": "The article."
                },
                {
                  "name": "quantity",
                  "type": "int",
                  "doc": "Pieces to send, at least 1."
                }
              ]
            }
          },
          "doc": "What to send; at least one line."
        },
        {
          "name": "shipTo",
          "type": {
            "type": "record",
            "name": "Address",
            "doc": "Where a parcel goes. Everything in it is personal data.",
            "fields": [
              {
                "name": "name",
                "type": "string",
                "personal": true,
                "doc": "Who receives the parcel."
              },
              {
                "name": "street",
                "type": "string",
                "personal": true,
                "doc": "Street and house number."
              },
              {
                "name": "city",
                "type": "string",
                "personal": true,
                "doc": "Town."
              },
              {
                "name": "postcode",
                "type": "string",
                "personal": true,
                "doc": "Postal code, as the country writes it."
              },
              {
                "name": "country",
                "type": "string",
                "personal": true,
                "doc": "Country, ISO 3166-1 alpha-2."
              }
            ]
          },
          "doc": "Where to send it."
        }
      ]
    }
  },
  OrderPlaced: {
    "type": "OrderPlaced",
    "owner": "order",
    "topic": "order.events",
    "subject": "order.events-chorus.order.OrderPlaced",
    "schema": {
      "type": "record",
      "name": "OrderPlaced",
      "namespace": "chorus.order",
      "topic": "order.events",
      "doc": "An order was opened and waits for its payment.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "customerId",
          "type": "string",
          "personal": true,
          "doc": "Who ordered."
        },
        {
          "name": "items",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "OrderItem",
              "doc": "One line of an order.",
              "fields": [
                {
                  "name": "sku",
                  "type": "string",
                  "doc": "The article."
                },
                {
                  "name": "quantity",
                  "type": "int",
                  "doc": "Pieces ordered, at least 1."
                },
                {
                  "name": "unitPrice",
                  "type": "long",
                  "doc": "Price of one piece in minor units of the currency (cents)."
                }
              ]
            }
          },
          "doc": "What was ordered; at least one line."
        },
        {
          "name": "amount",
          "type": "long",
          "doc": "What the customer pays, in minor units of the currency (cents): the sum of quantity × unit price."
        },
        {
          "name": "currency",
          "type": "string",
          "doc": "Currency of amount and of every unit price, ISO 4217."
        },
        {
          "name": "paymentToken",
          "type": "string",
          "personal": true,
          "doc": "The payment provider's token for the customer's means of payment; never a card number."
        },
        {
          "name": "shipTo",
          "type": {
            "type": "record",
            "name": "Address",
            "doc": "Where a parcel goes. Everything in it is personal data.",
            "fields": [
              {
                "name": "name",
                "type": "string",
                "personal": true,
                "doc": "Who receives the parcel."
              },
              {
                "name": "street",
                "type": "string",
                "personal": true,
                "doc": "Street and house number."
              },
              {
                "name": "city",
                "type": "string",
                "personal": true,
                "doc": "Town."
              },
              {
                "name": "postcode",
                "type": "string",
                "personal": true,
                "doc": "Postal code, as the country writes it."
              },
              {
                "name": "country",
                "type": "string",
                "personal": true,
                "doc": "Country, ISO 3166-1 alpha-2."
              }
            ]
          },
          "doc": "Where to send it."
        }
      ]
    }
  },
  PlaceOrder: {
    "type": "PlaceOrder",
    "owner": "order",
    "topic": "order.commands",
    "subject": "order.commands-chorus.order.PlaceOrder",
    "schema": {
      "type": "record",
      "name": "PlaceOrder",
      "namespace": "chorus.order",
      "topic": "order.commands",
      "doc": "Asks for an order to be opened. The order service answers with OrderPlaced.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "customerId",
          "type": "string",
          "personal": true,
          "doc": "Who ordered."
        },
        {
          "name": "items",
          "type": {
            "type": "array",
            "items": {
              "type": "record",
              "name": "OrderItem",
              "doc": "One line of an order.",
              "fields": [
                {
                  "name": "sku",
                  "type": "string",
                  "doc": "The article."
                },
                {
                  "name": "quantity",
                  "type": "int",
                  "doc": "Pieces ordered, at least 1."
                },
                {
                  "name": "unitPrice",
                  "type": "long",
                  "doc": "Price of one piece in minor units of the currency (cents)."
                }
              ]
            }
          },
          "doc": "What was ordered; at least one line."
        },
        {
          "name": "amount",
          "type": "long",
          "doc": "What the customer pays, in minor units of the currency (cents): the sum of quantity × unit price."
        },
        {
          "name": "currency",
          "type": "string",
          "doc": "Currency of amount and of every unit price, ISO 4217."
        },
        {
          "name": "paymentToken",
          "type": "string",
          "personal": true,
          "doc": "The payment provider's token for the customer's means of payment; never a card number."
        },
        {
          "name": "shipTo",
          "type": {
            "type": "record",
            "name": "Address",
            "doc": "Where a parcel goes. Everything in it is personal data.",
            "fields": [
              {
                "name": "name",
                "type": "string",
                "personal": true,
                "doc": "Who receives the parcel."
              },
              {
                "name": "street",
                "type": "string",
                "personal": true,
                "doc": "Street and house number."
              },
              {
                "name": "city",
                "type": "string",
                "personal": true,
                "doc": "Town."
              },
              {
                "name": "postcode",
                "type": "string",
                "personal": true,
                "doc": "Postal code, as the country writes it."
              },
              {
                "name": "country",
                "type": "string",
                "personal": true,
                "doc": "Country, ISO 3166-1 alpha-2."
              }
            ]
          },
          "doc": "Where to send it."
        }
      ]
    }
  },
} satisfies Record<string, EventContract>
