// Made from the .avsc files by `npm run contracts:generate`. Do not edit.
import type { EventContract } from '../schema.ts'

/** A person has given the money back by other means. Ignored unless payment waits for a person. */
export type ConfirmRefund = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The payment provider's id of the captured payment; needed when payment never learnt it. */
  readonly paymentId?: null | string
  /** By what the refund can be found, e.g. the provider's id or that of a bank transfer. */
  readonly refundId: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

/** The money for an order was taken. */
export type PaymentCaptured = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The payment provider's id of the captured payment. */
  readonly paymentId: string
  /** What was taken, in minor units of the currency (cents). */
  readonly amount: number
  /** Currency of the amount, ISO 4217. */
  readonly currency: string
}

/** The payment provider refused to take the money; none was taken. */
export type PaymentDeclined = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The provider's reason. */
  readonly reason: string
}

/** The money taken for a cancelled order was given back. */
export type PaymentRefunded = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The payment provider's id of the captured payment. */
  readonly paymentId: string
  /** The payment provider's id of the refund. */
  readonly refundId: string
  /** What was given back, in minor units of the currency (cents). */
  readonly amount: number
  /** Currency of the amount, ISO 4217. */
  readonly currency: string
}

/** The order was cancelled and no money had been taken: nothing is owed. */
export type PaymentReleased = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why no money had been taken. */
  readonly reason: string
}

/** A person has given the refund up: what was taken for the cancelled order is kept, and nothing is owed any more. */
export type PaymentWrittenOff = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** The payment provider's id of the captured payment, when it is known. */
  readonly paymentId?: null | string
  /** Why, in the words of whoever decided it. */
  readonly reason: string
}

/** A person has the provider asked again for a refund that it keeps refusing. Ignored unless payment waits for a person. */
export type RetryRefund = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

/** A person gives the refund up: what was taken is kept. Ignored unless payment waits for a person. */
export type WriteOffRefund = {
  /** The order; also the message key and the saga id. */
  readonly orderId: string
  /** Why, in the words of whoever decides. */
  readonly reason: string
}

/** What `payment.control` carries, as a machine sees it. */
export type PaymentControl =
  | ({ readonly type: 'ConfirmRefund' } & ConfirmRefund)
  | ({ readonly type: 'RetryRefund' } & RetryRefund)
  | ({ readonly type: 'WriteOffRefund' } & WriteOffRefund)

/** What `payment.events` carries, as a machine sees it. */
export type PaymentEvent =
  | ({ readonly type: 'PaymentCaptured' } & PaymentCaptured)
  | ({ readonly type: 'PaymentDeclined' } & PaymentDeclined)
  | ({ readonly type: 'PaymentRefunded' } & PaymentRefunded)
  | ({ readonly type: 'PaymentReleased' } & PaymentReleased)
  | ({ readonly type: 'PaymentWrittenOff' } & PaymentWrittenOff)

export const paymentContracts = {
  ConfirmRefund: {
    "type": "ConfirmRefund",
    "owner": "payment",
    "topic": "payment.control",
    "subject": "payment.control-chorus.payment.ConfirmRefund",
    "schema": {
      "type": "record",
      "name": "ConfirmRefund",
      "namespace": "chorus.payment",
      "topic": "payment.control",
      "doc": "A person has given the money back by other means. Ignored unless payment waits for a person.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "paymentId",
          "type": [
            "null",
            "string"
          ],
          "default": null,
          "doc": "The payment provider's id of the captured payment; needed when payment never learnt it."
        },
        {
          "name": "refundId",
          "type": "string",
          "doc": "By what the refund can be found, e.g. the provider's id or that of a bank transfer."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever decides."
        }
      ]
    }
  },
  PaymentCaptured: {
    "type": "PaymentCaptured",
    "owner": "payment",
    "topic": "payment.events",
    "subject": "payment.events-chorus.payment.PaymentCaptured",
    "schema": {
      "type": "record",
      "name": "PaymentCaptured",
      "namespace": "chorus.payment",
      "topic": "payment.events",
      "doc": "The money for an order was taken.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "paymentId",
          "type": "string",
          "doc": "The payment provider's id of the captured payment."
        },
        {
          "name": "amount",
          "type": "long",
          "doc": "What was taken, in minor units of the currency (cents)."
        },
        {
          "name": "currency",
          "type": "string",
          "doc": "Currency of the amount, ISO 4217."
        }
      ]
    }
  },
  PaymentDeclined: {
    "type": "PaymentDeclined",
    "owner": "payment",
    "topic": "payment.events",
    "subject": "payment.events-chorus.payment.PaymentDeclined",
    "schema": {
      "type": "record",
      "name": "PaymentDeclined",
      "namespace": "chorus.payment",
      "topic": "payment.events",
      "doc": "The payment provider refused to take the money; none was taken.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "The provider's reason."
        }
      ]
    }
  },
  PaymentRefunded: {
    "type": "PaymentRefunded",
    "owner": "payment",
    "topic": "payment.events",
    "subject": "payment.events-chorus.payment.PaymentRefunded",
    "schema": {
      "type": "record",
      "name": "PaymentRefunded",
      "namespace": "chorus.payment",
      "topic": "payment.events",
      "doc": "The money taken for a cancelled order was given back.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "paymentId",
          "type": "string",
          "doc": "The payment provider's id of the captured payment."
        },
        {
          "name": "refundId",
          "type": "string",
          "doc": "The payment provider's id of the refund."
        },
        {
          "name": "amount",
          "type": "long",
          "doc": "What was given back, in minor units of the currency (cents)."
        },
        {
          "name": "currency",
          "type": "string",
          "doc": "Currency of the amount, ISO 4217."
        }
      ]
    }
  },
  PaymentReleased: {
    "type": "PaymentReleased",
    "owner": "payment",
    "topic": "payment.events",
    "subject": "payment.events-chorus.payment.PaymentReleased",
    "schema": {
      "type": "record",
      "name": "PaymentReleased",
      "namespace": "chorus.payment",
      "topic": "payment.events",
      "doc": "The order was cancelled and no money had been taken: nothing is owed.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why no money had been taken."
        }
      ]
    }
  },
  PaymentWrittenOff: {
    "type": "PaymentWrittenOff",
    "owner": "payment",
    "topic": "payment.events",
    "subject": "payment.events-chorus.payment.PaymentWrittenOff",
    "schema": {
      "type": "record",
      "name": "PaymentWrittenOff",
      "namespace": "chorus.payment",
      "topic": "payment.events",
      "doc": "A person has given the refund up: what was taken for the cancelled order is kept, and nothing is owed any more.",
      "fields": [
        {
          "name": "orderId",
          "type": "string",
          "doc": "The order; also the message key and the saga id."
        },
        {
          "name": "paymentId",
          "type": [
            "null",
            "string"
          ],
          "default": null,
          "doc": "The payment provider's id of the captured payment, when it is known."
        },
        {
          "name": "reason",
          "type": "string",
          "doc": "Why, in the words of whoever decided it."
        }
      ]
    }
  },
  RetryRefund: {
    "type": "RetryRefund",
    "owner": "payment",
    "topic": "payment.control",
    "subject": "payment.control-chorus.payment.RetryRefund",
    "schema": {
      "type": "record",
      "name": "RetryRefund",
      "namespace": "chorus.payment",
      "topic": "payment.control",
      "doc": "A person has the provider asked again for a refund that it keeps refusing. Ignored unless payment waits for a person.",
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
  WriteOffRefund: {
    "type": "WriteOffRefund",
    "owner": "payment",
    "topic": "payment.control",
    "subject": "payment.control-chorus.payment.WriteOffRefund",
    "schema": {
      "type": "record",
      "name": "WriteOffRefund",
      "namespace": "chorus.payment",
      "topic": "payment.control",
      "doc": "A person gives the refund up: what was taken is kept. Ignored unless payment waits for a person.",
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
} satisfies Record<string, EventContract>
